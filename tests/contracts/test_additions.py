"""One place for each thing: what CONTRIBUTING says is tried here, by adding the thing to a scratch copy and seeing it follow."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from mdderive.reading.lexicon import LANGUAGES

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Scratch:
    """A copy of the package to which things are added; `places` are the files that had to be edited."""

    root: Path
    places: dict[str, None]

    def insert(self, path: str, before: str, text: str) -> None:
        """Insert a text before the one place where another stands."""
        file = self.root / "mdderive" / path
        old = file.read_text(encoding="utf-8")
        assert old.count(before) == 1, f"{before!r} stands {old.count(before)} times in {path}"
        file.write_text(old.replace(before, text + before), encoding="utf-8")
        self.places[path] = None

    def run(self, *arguments: str, given: str = "", exits: int = 0) -> str:
        """Return what a command of Python says in the copy."""
        environment = os.environ | {"PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, *arguments]
        done = subprocess.run(command, input=given, cwd=self.root, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == exits, done.stdout + done.stderr
        return done.stdout

    def says(self, *arguments: str, given: str = "", exits: int = 0) -> str:
        """Return what the command line says in the copy."""
        return self.run("-m", "mdderive", *arguments, given=given, exits=exits)

    def outcomes(self, note: str) -> list[str]:
        """Return what becomes of the claims of a note in the copy."""
        found = json.loads(self.says("check", "-", "--equations", "--exit-zero", "--format", "json", given=note))
        assert not [f for f in found["findings"] if f["code"] < "DRV400"], found["findings"]
        return [row["outcome"] for row in found["equations"] if row["outcome"] != "not_an_assertion"]

    def tests(self, contract: str, *which: str, exits: int = 0) -> str:
        """Return what the tests of a contract say in the copy."""
        for name in ("__init__.py", "contracts/__init__.py", f"contracts/{contract}"):
            copied = self.root / "tests" / name
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / "tests" / name, copied)
        return self.run("-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/contracts/{contract}", *which, exits=exits)


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    shutil.copytree(ROOT / "mdderive", tmp_path / "mdderive", ignore=shutil.ignore_patterns("__pycache__"))
    return Scratch(tmp_path, {})


HOLLOW = """    Property(
        "hollow",
        "零对角",
        (r"\\operatorname{diag}(A)", "0"),
        kept=("transpose", "add", "had", "kron"),
        part=r"M - M \\odot I",
        numpy="{0} - {0} * np.eye(len({0}))",
        scaled="any",
    ),
"""
HOLLOW_DRAWN = """    "hollow": Sampler(lambda draw, e, bits: _hollow(draw.algebra, draw._plain(e, bits)), _hollow, space=True),
"""
HOLLOW_PART = """def _hollow(algebra: Algebra, a: Value) -> Value:
    return algebra.sum([a, algebra.negative(_diagonal_part(algebra, a))])


"""
HOLLOW_NOTE = r"""# Distances

```derive
D: n x n, hollow, symmetric, A: n x n
f = \operatorname{tr}(A^T D)
\frac{\partial f}{\partial D} = \frac{1}{2} (A + A^T) - A \odot I
\operatorname{tr}(D) = 0
\operatorname{tr}(D^2) = 0
```

Let $D \in \mathbb{R}^{n \times n}$ be hollow. Then
$$\operatorname{tr}(D) = 0$$
"""


def test_a_property(scratch: Scratch) -> None:
    scratch.insert("model/properties.py", '    Property(\n        "positive definite"', HOLLOW)
    missing = scratch.tests("test_properties.py", "-k", "sampler or words", exits=1)
    assert "add an entry to SAMPLERS of mdderive/verify/sample.py" in missing
    assert "add a row to mdderive/reading/lexicon/ko.txt" in missing
    scratch.insert("verify/sample.py", "# Properties of entries", HOLLOW_PART)
    scratch.insert("verify/sample.py", '    "symmetric": Sampler(', HOLLOW_DRAWN)
    for language in LANGUAGES:
        scratch.insert(
            f"reading/lexicon/{language}.txt", "symmetric:", "hollow: 零对角\n" if language == "zh" else "hollow: hollow\n"
        )
    scratch.tests("test_properties.py")
    assert scratch.outcomes(HOLLOW_NOTE) == ["holds", "holds", "wrong", "holds"]
