"""What a search finds of a page: not the elements marked `data-search-exclude`, which the search of MkDocs does not know."""

from html.parser import HTMLParser
from itertools import accumulate

MARK = "data-search-exclude"
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def searched(html: str) -> str:
    """Return a page without what is marked."""
    if MARK not in html:
        return html
    finder = _Finder(html)
    kept, done = [], 0
    for start, end in finder.found:
        kept.append(html[done:start])
        done = end
    return "".join([*kept, html[done:]])


class _Finder(HTMLParser):
    """Where the marked elements of a page begin and end."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[int, int]] = []
        self.start, self.depth = 0, 0
        self.lines = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a marked element, or go one deeper in it."""
        if tag in VOID:
            return
        if self.depth:
            self.depth += 1
        elif any(name == MARK for name, _ in attrs):
            self.start, self.depth = self._at(), 1

    def handle_endtag(self, tag: str) -> None:
        """Come back out of an element, and close a marked one."""
        if not self.depth:
            return
        self.depth -= 1
        if not self.depth:
            self.found.append((self.start, self._at() + len(f"</{tag}>")))

    def _at(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column
