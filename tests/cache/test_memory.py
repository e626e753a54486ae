"""What was found earlier is found again for the same content, and for no other; what came back is what would be found now."""

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import mdderive
from mdderive.cache import code, place, records
from mdderive.cache.memory import Memory, opened
from mdderive.cache.store import Store
from mdderive.check import answers, pipeline
from mdderive.check.glance import checked
from mdderive.model.results import Settings
from mdderive.model.source import Source
from tests.documents import WRONG_TEXT

ROOT = Path(__file__).parents[2]
NAMES = ("absent", "annotations", "lookalikes", "ties", "curves")  # `benchmarks/remembered.py` takes all, as a whole
CASES = [ROOT / "tests" / "cases" / f"{name}.md" for name in NAMES]
FIRST = 8  # headings of each
NOTE = r"""# One

```derive
X: m x n, w: n, y: m
r = X w - y
```

```derive
f = r^T r
\frac{\partial f}{\partial w} = ?
```

```derive
w^T w = \operatorname{tr}(w w^T)
```

# Two

```derive
a, b: n
a^T b = b^T a
```
"""


@pytest.fixture
def memory(tmp_path):
    return Memory(Store(str(tmp_path)), b"this program")


@pytest.fixture
def judged(monkeypatch):
    """The texts of the blocks that are judged."""
    texts = []
    judge = pipeline._checked
    monkeypatch.setattr(pipeline, "_checked", lambda block, *more: texts.append(block.excerpt.text) or judge(block, *more))
    return texts


def beginning(file):
    return "\n## ".join(file.read_text(encoding="utf-8").split("\n## ")[: FIRST + 1])


def note(text, path="note.md", **settings):
    return Source(text, path), Settings(**settings)


@pytest.mark.parametrize("file", CASES, ids=[file.stem for file in CASES])
def test_a_note_comes_back_as_it_was_found(file, memory):
    source, settings = Source(beginning(file), str(file)), Settings()
    found = checked(source, settings)
    assert checked(source, settings, memory) == found
    assert checked(source, settings, memory) == found
    moved = dataclasses.replace(source, text="\n" + source.text)  # the note is new, its blocks are known
    assert checked(moved, settings, memory) == checked(moved, settings)


def test_formulas_outside_blocks_come_back(memory):
    source, settings = note("Let $A$ be an $n \\times n$ matrix.\n\n$$A + A = 2A$$\n\n$$A A = A^3$$\n", equations=True)
    assert checked(source, settings, memory) == checked(source, settings) == checked(source, settings, memory)


def test_nothing_is_judged_twice(memory, judged):
    checked(*note(NOTE), memory)
    assert len(judged) == 4
    checked(*note(NOTE, "elsewhere/other.md"), memory)
    checked(*note(f"A new line.\n\n{NOTE}"), memory)
    checked(*note(f"> {NOTE[7:].replace(chr(10), chr(10) + '> ')}"), memory)  # another beginning of each line is another block
    assert len(judged) == 8


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ("r = X w - y", "r = X w + y", 3),  # all that rests on it: what stands below it in its section
        ("w^T w =", "w^T w = w^T w =", 1),
        ("a^T b", "b^T a", 1),
        ("f = r^T r", "f = 2 r^T r", 2),
        ("# One", "# Another", 0),
        ("# One", "# One\n\nText.", 0),
    ],
)
def test_a_change_is_followed_to_what_rests_on_it_and_no_further(before, after, count, memory, judged):
    checked(*note(NOTE), memory)
    judged.clear()
    text = NOTE.replace(before, after)
    document = checked(*note(text), memory)
    assert len(judged) == count
    assert document == checked(*note(text))


@pytest.mark.parametrize("other", [{"layout": "numerator"}, {"lang": "zh"}, {"seed": 1}, {"thorough": True}, {"steps": "full"}])
def test_other_settings_are_another_question(other, memory, judged):
    checked(*note(NOTE), memory)
    assert checked(*note(NOTE, **other), memory) == checked(*note(NOTE, **other))
    assert len(judged) == 12


def test_every_setting_is_part_of_the_question():
    assert "astuple(settings)" in (ROOT / "mdderive/check/remembered.py").read_text(encoding="utf-8")


def test_markdown_and_latex_of_one_text_are_two_notes(memory):
    text = "```derive\na: n\na = a\n```\n"
    for path in ("note.md", "note.tex", "note.md"):
        assert checked(*note(text, path), memory) == checked(*note(text, path))


def test_another_program_starts_anew(memory, judged):
    checked(*note(NOTE), memory)
    checked(*note(NOTE), Memory(memory.store, b"that program"))
    assert len(judged) == 8


def test_a_fault_is_not_remembered(memory, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(answers, "holds", lambda *_, **__: 1 / 0)
        assert "DRV901" in {f.code for f in checked(*note(NOTE), memory).findings}
    assert checked(*note(NOTE), memory) == checked(*note(NOTE))


def test_a_value_that_is_no_result_is_refused():
    for text in ("[", "[]", *(f"[[],[{inner}]]" for inner in ('"Nothing"', '"Span"', '"Finding"', '"node",0'))):
        with pytest.raises(ValueError, match=r"."):
            records.read(text)
    with pytest.raises(TypeError):
        records.written({1: 2})
    with pytest.raises(TypeError):
        records.written([1])


def test_a_context_is_the_same_text_behind_a_reading():
    for file in CASES:
        for block, _, left in _left(beginning(file)):
            text = records.written(left, None)
            assert records.written(records.read(text), None) == text, block
            assert records.read(text) == left, block


def _left(text):
    kept, check = [], pipeline._checked

    def keeping(block, *more):
        found = check(block, *more)
        kept.append((block.excerpt.text, *found[1:]))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "_checked", keeping)
        pipeline.check(text)
    return kept


def test_a_program_is_told_by_its_text_and_left_alone_when_it_changes(tmp_path, monkeypatch):
    package = tmp_path / "package"
    (package / "room").mkdir(parents=True)
    (package / "room" / "module.py").write_text("1")
    store = Store(str(tmp_path / "cache"))
    monkeypatch.setattr(code, "PACKAGE", str(package))
    assert code.identity(store) == b"", "written after this process began"
    monkeypatch.setattr(code, "__began__", 1 << 63)
    first = code.identity(store)
    os.utime(package / "room" / "module.py", (0, 0))
    assert code.identity(store) == first
    (package / "room" / "module.py").write_text("2")
    os.utime(package / "room" / "module.py", (0, 0))
    assert code.identity(store) not in (first, b"")
    second = code.identity(store)
    (package / "room" / "words.txt").write_text("if: if")
    assert code.identity(store) not in (first, second, b"")
    memory = Memory(store, first)
    monkeypatch.setattr(code, "__began__", 1)
    memory.keep(b"key", "value")
    memory.flush()
    assert store.get(b"key") is None


def test_a_package_beside_it_is_part_of_a_program(tmp_path, monkeypatch):
    store = Store(str(tmp_path / "cache"))
    first = code.identity(store)
    (tmp_path / "mpmath-99.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert code.identity(store) not in (first, b"")


def test_the_folder_is_that_of_platformdirs(monkeypatch, tmp_path):
    platformdirs = pytest.importorskip("platformdirs")
    monkeypatch.delenv(place.NAMED)
    assert place.folder() == platformdirs.user_cache_dir("mdderive")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert place.folder() == platformdirs.user_cache_dir("mdderive")


def test_the_api_remembers_where_it_is_told(tmp_path, judged):
    file = tmp_path / "note.md"
    file.write_text(NOTE)
    cache = tmp_path / ".mdderive_cache"
    for _ in range(2):
        [document] = mdderive.check_files([file], cache=cache)
        assert document == mdderive.check(NOTE, path=str(file), cache=cache)
    assert len(judged) == 4
    assert opened(str(cache)).store.count()[0] == 6  # four blocks, the note, the hash of the program
    assert document == mdderive.check(NOTE, path=str(file))
    assert len(judged) == 8
    with pytest.raises(TypeError, match="cache is int"):
        mdderive.check("", cache=1)


PROGRAM = """
import json, sys
import mdderive
for document in mdderive.check_files(["note.md"]):
    mdderive.report([document], "json")
print(json.dumps(sorted(sys.modules)))
"""


def test_an_unchanged_note_imports_no_room_that_reads_derives_or_judges(tmp_path):
    (tmp_path / "note.md").write_text(NOTE + WRONG_TEXT)
    environment = {**os.environ, "MDDERIVE_CACHE": str(tmp_path / "cache")}
    loaded = []
    for _ in range(2):
        run = subprocess.run([sys.executable, "-c", PROGRAM], cwd=tmp_path, env=environment, capture_output=True, check=True)
        loaded.append(set(json.loads(run.stdout)))
    engine = ("latex", "reading", "programs", "rules.laws", "engine", "verify", "check.pipeline")
    rooms = [f"mdderive.{name}" for name in engine] + ["markdown_it", "pylatexenc", "mpmath", "click"]
    assert {name for name in rooms if name in loaded[0]} >= {"mdderive.verify", "mdderive.engine", "markdown_it"}
    assert {name for name in loaded[1] if any(f"{name}.".startswith(f"{room}.") for room in rooms)} == set()


def test_a_text_that_is_written_is_judged_where_it_changed_and_kept_in_this_process_alone(tmp_path, monkeypatch, judged):
    monkeypatch.setenv("MDDERIVE_CACHE", str(tmp_path))
    cache = mdderive.recent()
    told = mdderive.check(NOTE, cache=cache)
    assert told == mdderive.check(NOTE)
    assert len(judged) == 8
    for text, count in ((f"Above.\n\n{NOTE}", 0), (f"{NOTE}\nBelow.\n", 0), (NOTE.replace("a^T b", "2 a^T b"), 1), (NOTE, 0)):
        del judged[:]
        found = mdderive.check(text, cache=cache)
        assert len(judged) == count
        assert found == mdderive.check(text)
    assert opened(str(tmp_path)).store.count()[0] == 1  # the program alone


def test_a_text_that_is_written_is_known_where_it_was_checked_before(tmp_path, monkeypatch, judged):
    monkeypatch.setenv("MDDERIVE_CACHE", str(tmp_path))
    mdderive.check(NOTE, cache=True)
    del judged[:]
    cache = mdderive.recent()
    mdderive.check(f"Above.\n\n{NOTE}", cache=cache)
    assert judged == []
