"""Many notes, judged by the workers of a cluster; what they come to, and its order, is the same.

Texts are sent and documents come back, so that a worker needs this mdderive and none of the files. What is remembered here is not
sent, and what comes back is remembered here; notes with the same text have one key and are judged once. What a worker was at that
dies is done by another one, and what no worker does, here.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from mdderive.cache import code
from mdderive.cache.memory import Memory
from mdderive.cache.store import Store
from mdderive.check.glance import computed, known
from mdderive.check.remembered import document_key, keep
from mdderive.model.results import Document, Settings
from mdderive.model.source import Source

if TYPE_CHECKING:
    from distributed import Client, Future

AT_ONCE = 512  # notes that are sent before the first of them is told
PATIENCE = 10.0  # seconds without an answer, after which it is looked whether any worker is left


class Unusable(Exception):
    """A cluster that cannot be asked, with what to do."""


class _Sent(NamedTuple):
    """A note that was sent, and what will be its document."""

    source: Source
    document: "Future[Document]"


def every(read: Iterable[Source | Document], settings: Settings, memory: Memory | None, address: str) -> Iterator[Document]:
    """Yield the document of each text that was read, in order; raises `Unusable` where there is no cluster at the address."""
    with _connected(address) as client:
        waiting: deque[Document | _Sent] = deque()
        for one in read:
            if isinstance(one, Document):
                waiting.append(one)
            else:
                waiting.append(known(one, settings, memory) or _sent(client, one, settings))
            if len(waiting) > AT_ONCE:
                yield _document(client, waiting.popleft(), settings, memory)
        while waiting:
            yield _document(client, waiting.popleft(), settings, memory)


def _connected(address: str) -> "Client":
    try:
        from distributed import Client
    except ImportError as error:
        raise Unusable("--cluster needs a package more: pip install 'mdderive[cluster]'") from error
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise Unusable(f"no cluster answers at {address}: start one with `dask scheduler` and `dask worker`") from error
    try:
        others = [worker for worker, program in client.run(program_here).items() if program != program_here()]
    except Exception as error:  # whatever keeps a worker from answering: there it is not installed, or cannot be imported
        client.close()
        raise Unusable(f"the workers at {address} cannot import this mdderive: install it there ({error})") from error
    if others:
        client.close()
        raise Unusable(f"the worker {others[0]} runs another mdderive: install the same one there")
    return client


@cache
def program_here() -> str:
    """Return what tells the program of this process from others, wherever it is installed."""
    return code.digest().hex()


def _sent(client: "Client", source: Source, settings: Settings) -> _Sent:
    key = document_key(Memory(Store(""), program_here().encode()), source, settings).hex()
    return _Sent(source, client.submit(judged, source, settings, program_here(), key=f"mdderive-{key}"))


def judged(source: Source, settings: Settings, program: str) -> Document:
    """Return the document of a text; raises `RuntimeError` where another program than the one that asks would judge it."""
    if program != program_here():
        raise RuntimeError("another mdderive")
    return computed(source, settings, None)


def _document(client: "Client", one: Document | _Sent, settings: Settings, memory: Memory | None) -> Document:
    if isinstance(one, Document):
        return one
    document = _answer(client, one.document)
    if document is None:
        return computed(one.source, settings, memory)
    document = replace(document, source=one.source)
    if memory is not None:
        keep(memory, document, settings)
    return document


def _answer(client: "Client", awaited: "Future[Document]") -> Document | None:
    """Return what a worker answers; nothing where none does."""
    while True:
        try:
            return awaited.result(timeout=PATIENCE)
        except TimeoutError:
            if not client.scheduler_info().get("workers"):
                return None
        except Exception:  # it killed worker after worker, was lost with its scheduler, or came to another program
            return None
