"""How large a file may be that is read: a book in one file, and no more."""

MAX_CHARACTERS, MAX_LINES = 4_000_000, 100_000


def exceeded(text: str) -> str:
    """Return the bound that a text goes beyond, or an empty text."""
    if len(text) > MAX_CHARACTERS:
        return f"{MAX_CHARACTERS:,} characters"
    lines = text.count("\n") + text.count("\r") - text.count("\r\n")
    return f"{MAX_LINES:,} lines" if lines > MAX_LINES else ""
