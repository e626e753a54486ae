"""Where the cache stands: in the user's cache folder, as the `platformdirs` package gives it, or in a folder that is named.

That package takes longer to import than all else in a run over unchanged notes, so its rule is written here; a test compares.
"""

import os
import sys

NAMED = "MDDERIVE_CACHE"  # an environment variable with another folder


def folder() -> str:
    """Return the folder of the cache."""
    return os.environ.get(NAMED) or os.path.join(_users(), "mdderive")


def _users() -> str:
    if sys.platform == "win32":
        return os.path.join(os.environ.get("LOCALAPPDATA") or os.path.expanduser(r"~\AppData\Local"), "mdderive", "Cache")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches")
    return os.environ.get("XDG_CACHE_HOME", "").strip() or os.path.expanduser("~/.cache")


def made(path: str) -> None:
    """Make a folder that Git passes over; raises `OSError`."""
    os.makedirs(path, exist_ok=True)
    ignored = os.path.join(path, ".gitignore")
    if not os.path.exists(ignored):
        with open(ignored, "w", encoding="utf-8") as file:
            file.write("*\n")
