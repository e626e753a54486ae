"""What `mdderive check --explain FILE:LINE` tells."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mdderive.cli.main import cli
from mdderive.output.text import WIDTH, columns

NOTE = r"""# A note

Let $A \in \mathbb{R}^{n \times n}$ be symmetric, and let $y = f(u)$ with $u = g(s)$.

Then $\frac{\partial}{\partial x} x^T A x = 2Ax$, and we get $\frac{dy}{ds} = \frac{dy}{du}$.

```derive
X: m x n
f = \operatorname{tr}(X^T X)
\frac{\partial f}{\partial X} = 3X
```
"""


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.md"
    path.write_text(NOTE, encoding="utf-8")
    return path


def told(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["check", *arguments])
    return result.exit_code, result.output


def test_a_line_is_told_with_act_facts_readings_and_verdict(note: Path) -> None:
    code, said = told("--explain", f"{note}:5")
    assert code == 0
    for part in ("act       asserts", "A: n x n (line 3)", "A: symmetric (line 3)", "y is a function of u (line 3)"):
        assert part in said
    assert "x: a column, denominator layout: holds" in said
    assert "verdict   holds [equal]" in said
    assert "does not hold" in said
    assert "verdict   wrong [differ]" in said
    assert all(columns(line) <= WIDTH or str(note) in line for line in said.splitlines())


def test_a_line_is_told_in_chinese(note: Path) -> None:
    _, said = told("--explain", f"{note}:5", "--lang", "zh")
    for part in ("断言", "A：对称（第 3 行）", "y 是 u 的函数（第 3 行）", "结论      成立"):
        assert part in said


def test_a_line_is_told_as_rows(note: Path) -> None:
    _, said = told("--explain", f"{note}:5", "--format", "json")
    first, second = json.loads(said)["relations"]
    assert {"kind": "shape", "name": "A", "says": "n x n", "line": 3} in first["facts"]
    assert first["readings"][0]["outcome"] == "holds"
    assert first["readings"][0]["letters"] == {"x": "column"}
    assert (first["act"], first["outcome"], second["outcome"]) == ("assert", "holds", "wrong")


def test_a_line_of_a_block_is_told(note: Path) -> None:
    _, said = told("--explain", f"{note}:10")
    assert "as it is declared, denominator layout: does not hold" in said
    assert r"f = \operatorname{tr}(X^T X) (line 7)" in said


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (r"$d(z^T z\, z) = (z^T z I_n + 2 z z^T) dz$", "a row times a column in a product is a number: holds"),
        (
            r"Let $w = f(s, r)$ and $r = g(s)$. Then $\frac{\partial w}{\partial s} = \frac{\partial f}{\partial s} + "
            r"\frac{\partial f}{\partial r} \frac{\partial r}{\partial s}$",
            "a partial derivative is meant as the total one: holds",
        ),
    ],
)
def test_a_reading_says_what_of_its_notation_it_takes_otherwise(tmp_path: Path, note: str, said: str) -> None:
    path = tmp_path / "note.md"
    path.write_text(note + "\n", encoding="utf-8")
    assert said in " ".join(told("--explain", f"{path}:1")[1].split())


def test_a_line_without_a_relation_is_said_to_have_none(note: Path) -> None:
    assert told("--explain", f"{note}:2")[1].strip().endswith("no relation stands in this line")


@pytest.mark.parametrize("place", ["note", "{}:x", "{}:", "nothing.md:3"])
def test_what_names_no_line_is_misuse(note: Path, place: str) -> None:
    assert told("--explain", place.format(note))[0] == 2


def test_it_checks_nothing_else(note: Path) -> None:
    assert told(str(note), "--explain", f"{note}:5")[0] == 2
    assert told("--fix", "--explain", f"{note}:5")[0] == 2
