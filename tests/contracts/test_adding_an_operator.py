"""An operator is added in three places: its row, its meaning to the judge, its laws; what is left out is asked for by name."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

REPOSITORY = Path(__file__).parents[2]
CONTRACT = Path("tests", "contracts", "test_operators.py")
ROW = r"""
    Operator(
        "stril",
        "strictly lower triangular part",
        "严格下三角部分",
        names=(r"\operatorname{stril}", "stril"),
        shape="(n,n)->(n,n)",
        linear=True,
        number="zero",
        numpy="np.tril({0}, -1)",
        sympy="FunctionMatrix({rows}, {cols}, Lambda((i, j), {0.tight}[i, j]*Heaviside(i - j, 0)))",
    ),
"""
MEANING = """
    "stril": Meaning(
        lambda _, a: a.mapped(a.rows, a.cols, lambda part: [x if k % a.cols < k // a.cols else 0 for k, x in enumerate(part)])
    ),
"""
LAWS = r"""
    Rule(
        "tr-stril",
        r"\operatorname{tr}(M \operatorname{stril}(Z))",
        r"\operatorname{tr}(\operatorname{stril}(M^T)^T Z)",
        "trace and strictly lower triangular part",
        "迹与严格下三角部分",
    ),
    Rule(
        "vec-stril",
        r"\operatorname{vec}(\operatorname{stril}(Z))",
        r"\operatorname{diag}(\operatorname{vec}(\operatorname{stril}(\mathbf{1}_{p \times p}))) \operatorname{vec}(Z)",
        "vec of the strictly lower triangular part",
        "严格下三角部分的向量化",
        shapes="Z: p x p",
    ),
"""
ENTRIES = {
    "mdderive/model/operators.py": ("_ROWS = (", ROW),
    "mdderive/verify/operators.py": ("MEANING: Mapping[str, Meaning] = {", MEANING),
    "mdderive/rules/trace.py": ("RULES = (", LAWS),
}


def scratch(folder, entries):
    """Return a folder with a copy of the package and of the contract, and some entries added."""
    ignored = shutil.ignore_patterns("*.pyc.*")  # what is compiled comes along
    shutil.copytree(REPOSITORY / "mdderive", folder / "mdderive", ignore=ignored)
    (folder / CONTRACT).parent.mkdir(parents=True)
    for package in ("tests", "tests/contracts"):
        (folder / package / "__init__.py").touch()
    shutil.copy(REPOSITORY / CONTRACT, folder / CONTRACT)
    for name in entries:
        opening, entry = ENTRIES[name]
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count(f"{opening}\n") == 1, f"{name} has no {opening}"
        (folder / name).write_text(text.replace(f"{opening}\n", f"{opening}{entry}"), encoding="utf-8")
    return folder


def run(folder, *args):
    return subprocess.run([sys.executable, *args], cwd=folder, capture_output=True, text=True, check=False)


def contract(folder):
    """Return what the contract says of the operator in a copy."""
    done = run(
        folder,
        "-m",
        "pytest",
        "-q",
        "-k",
        "stril or carried or without_a_row",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        ".",
        str(CONTRACT),
    )
    assert "error" not in done.stderr.lower(), done.stderr
    return done


@pytest.fixture(scope="module")
def added(tmp_path_factory):
    return scratch(tmp_path_factory.mktemp("added"), ENTRIES)


def derived(folder, formula, *options):
    given = {"X": "X: n x n", "A": "A: n x n", "y": "y: n"}
    letters = ["--wrt", "X", *(part for name, line in given.items() if name in formula for part in ("--let", line))]
    done = run(folder, "-m", "mdderive", "derive", formula, *letters, *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_passes_the_contract(added):
    done = contract(added)
    assert done.returncode == 0, done.stdout
    assert int(done.stdout.split(" passed")[0].split()[-1]) >= 9


@pytest.mark.parametrize("left_out", ENTRIES)
def test_an_entry_left_out_is_asked_for(tmp_path, left_out):
    done = contract(scratch(tmp_path, [name for name in ENTRIES if name != left_out]))
    assert done.returncode != 0
    asked = left_out.rpartition("/")[0] if "rules" in left_out else left_out
    assert asked in done.stdout, done.stdout


def test_it_is_derived_verified_and_told(added):
    told = derived(added, r"\operatorname{tr}(A \operatorname{stril}(X))")
    assert "∂f/∂X = stril(Aᵀ)" in told
    assert "trace and strictly lower triangular part" in told
    assert "Verified: exact arithmetic" in told
    assert "迹与严格下三角部分" in derived(added, r"\operatorname{tr}(A \operatorname{stril}(X))", "--lang", "zh")


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        (r"y^T \operatorname{stril}(X) y", r"\operatorname{stril}(y y^{\top})"),
        (
            r"\operatorname{tr}(A \operatorname{stril}(X X))",
            r"\operatorname{stril}(A^{\top}) X^{\top} + X^{\top}",
        ),
        (r"\operatorname{stril}(X) A", r"\operatorname{diag}(\operatorname{vec}(\operatorname{stril}(\mathbf{1}_{n \times n})))"),
    ],
)
def test_it_is_derived_wherever_it_stands(added, formula, result):
    assert result in derived(added, formula, "--to", "md")


def test_its_programs_give_its_value(added):
    formula = r"\operatorname{tr}(A \operatorname{stril}(X) X)"
    given = {"n": 3, "np": np, "A": np.arange(9.0).reshape(3, 3) ** 2, "X": np.arange(9.0).reshape(3, 3) + np.eye(3)}
    value = eval(derived(added, formula, "--to", "numpy"), dict(given))

    def f(x):
        return np.trace(given["A"] @ np.tril(x, -1) @ x)

    steps = (1e-4 * np.outer(*e) for e in ((np.eye(3)[i], np.eye(3)[j]) for i in range(3) for j in range(3)))
    assert np.allclose(np.ravel(value), [(f(given["X"] + e) - f(given["X"] - e)) / 2e-4 for e in steps])
    sympy = pytest.importorskip("sympy")
    scope = {}
    exec(derived(added, formula, "--to", "sympy"), scope)
    entries = {sympy.MatrixSymbol(name, 3, 3): sympy.ImmutableMatrix(given[name].astype(int).tolist()) for name in "AX"}
    explicit = scope["result"].subs(scope["n"], 3).subs(entries).as_explicit().doit()
    assert np.allclose(np.array(explicit, float), value)


def test_its_claims_are_judged(added):
    lines = ["```derive", "X: n x n", r"\operatorname{stril}(X) + \operatorname{stril}(X^T)^T = X - I \odot X"]
    (added / "note.md").write_text("\n".join([*lines, r"\operatorname{stril}(X) = X", "```", ""]), encoding="utf-8")
    done = run(added, "-m", "mdderive", "check", "note.md")
    assert "1 equation holds, 1 wrong" in done.stdout + done.stderr
    assert "stril" in run(added, "-m", "mdderive", "rules", "--functions").stdout
