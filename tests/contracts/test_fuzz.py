"""Random formulas are answered or refused by a code, in blocks and in rows: `benchmarks/fuzz.py` asks more of them."""

import importlib.util
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "benchmarks" / "fuzz.py"
SPEC = importlib.util.spec_from_file_location("fuzz", PATH)
assert SPEC is not None
assert SPEC.loader is not None
FUZZ = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(FUZZ)


@pytest.mark.parametrize("start", range(0, 160, 20))
def test_no_formula_ends_in_an_internal_error(start):
    for i in range(start, start + 20):
        asked, how, _ = FUZZ.ended(FUZZ.Formulas(42_000_000 + i), row=i % 2 == 0)
        assert not how.startswith("DRV9"), (how, asked)
