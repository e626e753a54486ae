"""MkDocs plugin of mdderive: derive blocks of a site become verified derivations, or the build fails."""

from mdderive_mkdocs.plugin import MdderivePlugin

__all__ = ["MdderivePlugin"]
