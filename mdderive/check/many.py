"""Many notes, by several processes where enough of them are not known yet; what they come to, and its order, is the same."""

from collections.abc import Iterable, Iterator

from mdderive.cache.memory import Memory, opened
from mdderive.check.glance import checked, computed, known
from mdderive.model.results import Document, Settings
from mdderive.model.source import Source

ENOUGH = 4  # notes that are not known, from which on other processes are worth their beginning


def every(read: Iterable[Source | Document], settings: Settings, memory: Memory | None, jobs: int) -> Iterator[Document]:
    """Yield the document of each text that was read, in order; what could not be read is its document already."""
    if jobs == 1:
        yield from (one if isinstance(one, Document) else checked(one, settings, memory) for one in read)
        return
    listed = [*read]
    found = [one if isinstance(one, Document) else known(one, settings, memory) for one in listed]
    missing = [one for one, told in zip(listed, found, strict=True) if told is None and isinstance(one, Source)]
    made: Iterator[Document]
    if len(missing) < ENOUGH:
        made = (computed(source, settings, memory) for source in missing)
    else:
        made = _shared(missing, settings, memory, jobs)
    yield from (told or next(made) for told in found)


def _shared(sources: list[Source], settings: Settings, memory: Memory | None, jobs: int) -> Iterator[Document]:
    """Yield the documents of texts, made by several processes; what a process that dies leaves is made here."""
    import multiprocessing  # with what else only several processes need: it takes as long to import as a block to check
    import threading
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    from mdderive.check import pipeline  # once, for all processes that begin as a copy of this one

    del pipeline
    alone = threading.active_count() == 1 and "fork" in multiprocessing.get_all_start_methods()
    folder = memory.store.folder if memory else ""
    done = 0
    with ProcessPoolExecutor(min(jobs, len(sources)), multiprocessing.get_context("fork" if alone else "spawn")) as pool:
        try:
            for document in pool.map(_computed, sources, [settings] * len(sources), [folder] * len(sources)):
                done += 1
                yield document
            return
        except BrokenProcessPool:
            pass
    yield from (computed(source, settings, memory) for source in sources[done:])


def _computed(source: Source, settings: Settings, folder: str) -> Document:
    return computed(source, settings, opened(folder) if folder else None)
