"""What must not go through Markdown: it waits under a name that Markdown leaves alone, and takes its place afterwards."""

import re
from hashlib import sha256

_NAME = re.compile(r"<p>\s*(mdderive[0-9a-f]{32})\s*</p>|(mdderive[0-9a-f]{32})")


class Kept:
    """Texts by the names that stand for them; a text has the same name every time."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def keep(self, text: str) -> str:
        """Return the name of a text, to be put on a line of its own."""
        name = "mdderive" + sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        self._texts[name] = text
        return name

    def parts(self, page: str) -> list[str]:
        """Return the texts that names on a page stand for."""
        return [self._texts[name] for at in _NAME.finditer(page) if (name := at[1] or at[2]) in self._texts]

    def put(self, page: str) -> str:
        """Return a page with the texts in place of their names; names nobody gave stay."""
        return _NAME.sub(lambda at: self._texts.get(at[1] or at[2], at[0]), page)
