"""`mdderive lsp`: notes checked in an editor, each as the project says that its file lies in."""

from pathlib import Path

from mdderive.adapters.lsp.server import Terms, serve
from mdderive.cli.config import ConfigError, configured
from mdderive.model.results import Settings


def terms(path: str) -> Terms:
    """Return how a file is checked; where the project cannot be read, as without one."""
    try:
        project = configured(Path(path).absolute().parent)
    except ConfigError as error:
        return Terms(Settings(), lambda code: False, str(error))
    return Terms(project.settings, lambda code: project.ignores(path, code))


def run() -> None:
    """Answer an editor until it ends."""
    serve(terms)
