"""Work is bounded: what grows past its bound is refused with a code of its own, in little time."""

import pytest

from mdderive.check.pipeline import check
from mdderive.output.rows import derive_row

TOWER = "\n".join(f"x_{{{i}}} = x_{{{i - 1}}} x_{{{i - 1}}} + x_{{{i - 1}}}" for i in range(11, 70))


def codes(block: str) -> set[str]:
    return {finding.code for finding in check(f"```derive\n{block}\n```\n").findings}


def test_definitions_that_double_each_other() -> None:
    block = f"x: scalar\nx_{{10}} = x + 1\n{TOWER}\n" + r"\frac{\partial x_{69}}{\partial x} = ?"
    assert codes(block) == {"DRV409"}


def test_a_line_too_long_to_be_read_back() -> None:
    deep = "x"
    for _ in range(6):
        deep = rf"\operatorname{{softmax}}({deep})"
    assert codes(f"x: n\nf = \\mathbf{{1}}^T {deep}\n\\frac{{\\partial f}}{{\\partial x}} = ?") == {"DRV409"}


def test_many_undeclared_matrices_get_sizes() -> None:
    product = " ".join(f"A_{{{i}}}" for i in range(90))
    assert not any(code.startswith("DRV9") for code in codes(f"B = {product}\nd(B) = d(B)"))


@pytest.mark.parametrize("primes", [5, 40])
def test_many_primes(primes: int) -> None:
    assert codes("x: n, \\sigma: elementwise\n\\sigma" + "'" * primes + "(x) = x") == {"DRV215"}


def test_a_row_that_is_too_large_is_answered() -> None:
    where = {f"Y_{{{i}}}": f"Y_{{{i - 1}}} Y_{{{i - 1}}}" for i in range(2, 40)} | {"Y_{1}": "X X"}
    row = {"id": "t", "let": ["X: n x n"], "where": dict(sorted(where.items())), "f": r"\operatorname{tr}(Y_{39})", "wrt": "X"}
    answer = derive_row(row)
    assert answer["status"] == "error"
    assert isinstance(answer["error"], dict)
    assert answer["error"]["code"] == "DRV409"
