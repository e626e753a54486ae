"""The forms in which a whole note can be written, all of its Markdown in the language of the form."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from mdderive.model.results import Document
from mdderive.output import article, page


class Whole(NamedTuple):
    """A form: what needs nothing around it, what stands inside that, and the suffixes of its files."""

    standalone: Callable[[Document], str]
    fragment: Callable[[Document], str]
    suffixes: tuple[str, ...]


WHOLES: Mapping[str, Whole] = {
    "html": Whole(page.page, page.body, (".html", ".htm")),
    "tex": Whole(article.article, article.body, (".tex",)),
}
