"""What this program found earlier: texts by the content that they were found for."""

import os
from collections.abc import Callable
from functools import cache
from hashlib import blake2b

from mdderive.cache import code, place
from mdderive.cache.store import Store

MOST = 4096  # blocks that are kept for whoever types
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    Value = TypeVar("Value")


class Memory:
    """A memory in a store, of one program, which its `identity` tells from every other one.

    What is kept goes to the store when it is told to (`flush`), all at once.
    """

    def __init__(self, store: Store, identity: bytes) -> None:
        self.store = store
        self._identity = identity
        self._waiting: dict[bytes, bytes] = {}

    def key(self, *parts: str) -> bytes:
        """Return the key of what is found for a content, which is all there is that it depends on."""
        whole = blake2b(self._identity, digest_size=20)
        for part in parts:
            data = part.encode("utf-8", "surrogatepass")
            whole.update(f"{len(data)}:".encode())
            whole.update(data)
        return whole.digest()

    def known(self, key: bytes) -> str | None:
        """Return what was found."""
        held = self._waiting.get(key) or self.store.get(key)
        return None if held is None else held.decode("utf-8")

    def recalled(self, key: bytes, start: int, read: "Callable[[str, int], Value]") -> "Value | None":
        """Return what was found as it is `read`, its places counted from `start`."""
        held = self.known(key)
        return None if held is None else read(held, start)

    def keep(self, key: bytes, value: str) -> None:
        """Keep what was found."""
        self._waiting[key] = value.encode("utf-8")

    def keep_document(self, key: bytes, written: Callable[[], str]) -> None:
        """Keep what a whole note came to."""
        self.keep(key, written())

    def flush(self) -> None:
        """Put what was kept into the store, unless the program was changed meanwhile."""
        if self._waiting and code.as_begun():
            self.store.put([*self._waiting.items()])
        self._waiting.clear()


class Recent(Memory):
    """A memory of this process, for a text that is checked again and again while somebody writes it.

    What the store holds is known. Nothing goes there: of whoever types, it would be every word half written. Only blocks are
    kept, and those that were used longest ago are let go. What stands where it stood is not read once more.
    """

    def __init__(self, store: Store, identity: bytes) -> None:
        super().__init__(store, identity)
        self._values: dict[tuple[bytes, int], object] = {}

    def known(self, key: bytes) -> str | None:
        """Return what was found."""
        held = super().known(key)
        if held is not None:
            self._waiting.pop(key, None)
            self.keep(key, held)
        return held

    def recalled(self, key: bytes, start: int, read: "Callable[[str, int], Value]") -> "Value | None":
        """Return what was found as it is `read`, its places counted from `start`."""
        held = self.known(key)
        if held is None:
            return None
        value: Value = self._values.pop((key, start), None) or read(held, start)  # type: ignore[assignment]  # of one kind
        self._values[key, start] = value
        return value

    def keep_document(self, key: bytes, written: Callable[[], str]) -> None:
        """Keep nothing: the text is another one at the next stroke."""

    def flush(self) -> None:
        """Let go what was used longest ago."""
        for kept in (self._waiting, self._values):
            for key in [*kept][: max(0, len(kept) - MOST)]:
                del kept[key]


def recent(folder: str = "") -> Recent:
    """Return a memory of this process that knows what the one in a folder, by default that of this user, holds."""
    store = Store(folder or place.folder())
    return Recent(store, code.identity(store))


def opened(folder: str = "") -> Memory | None:
    """Return the memory in a folder, by default the one of this user; nothing where there cannot be one."""
    return _opened(folder or place.folder(), os.getpid())


@cache
def _opened(folder: str, process: int) -> Memory | None:
    """Return the memory of a process: a copy of it opens the store anew."""
    del process
    store = Store(folder)
    identity = code.identity(store)
    return Memory(store, identity) if identity else None
