"""The deliberate faults of `benchmarks/faults.py` can still be made: each replaces a text that stands once in its file."""

from collections import Counter

import pytest

from benchmarks.faults import FAULTS, Fault, applies


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_text_that_a_fault_replaces_stands_once(fault: Fault) -> None:
    assert applies(fault), f"state what {fault.room} has now in place of {fault.old!r}, in benchmarks/faults.py"


def test_every_room_has_two() -> None:
    assert set(Counter(fault.room for fault in FAULTS).values()) == {2}
    assert len(FAULTS) == 22
