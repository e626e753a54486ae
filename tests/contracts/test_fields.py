"""Classes made without the standard decorator behave as those that are made with it."""

import dataclasses
import pickle

import pytest

from mdderive.model.fields import dataclass


def classes(decorator):
    @decorator(frozen=True, slots=True)
    class Point:
        x: int
        y: int = 2
        seen: list[int] = dataclasses.field(default_factory=list, compare=False)
        key: int = dataclasses.field(default=0, hash=False, repr=False)

    @decorator(frozen=True, slots=True)
    class Named(Point):
        name: str = ""
        size: int = dataclasses.field(init=False)

        def __post_init__(self):
            object.__setattr__(self, "size", len(self.name))

    @decorator(slots=True)
    class Counter:
        n: int = 0

    @decorator(frozen=True)
    class Nothing:
        pass

    return Point, Named, Counter, Nothing


OURS, STANDARD = classes(dataclass), classes(dataclasses.dataclass)


@pytest.mark.parametrize("kind", [OURS, STANDARD], ids=["ours", "standard"])
def test_what_a_class_of_fields_does(kind):
    Point, Named, Counter, Nothing = kind
    assert Point(1) == Point(1, 2) == Point(y=2, x=1) == Point(1, seen=[3])
    assert Point(1) != Point(2)
    assert Point(1, key=1) != Point(1)
    assert hash(Point(1, key=1)) == hash(Point(1))
    assert Point(1).seen is not Point(1).seen
    assert Point(1) != Named(1)
    assert (Named(1, name="abc").size, Named(1, name="abc")) == (3, dataclasses.replace(Named(1), name="abc"))
    assert repr(Point(1)).endswith("Point(x=1, y=2, seen=[])")
    assert dataclasses.asdict(Point(1)) == {"x": 1, "y": 2, "seen": [], "key": 0}
    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())
    match Point(1):
        case Point(x, y):
            assert (x, y) == (1, 2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        Point(1).x = 3
    with pytest.raises(dataclasses.FrozenInstanceError):
        del Point(1).x
    with pytest.raises((AttributeError, TypeError)):  # no field, and no room for another value
        Point(1).z = 3
    counter = Counter()
    counter.n += 1
    assert counter == Counter(1)
    with pytest.raises(TypeError):
        hash(counter)
    for wrong in (lambda: Point(), lambda: Point(1, 2, [], 0, 5), lambda: Point(1, z=1), lambda: Point(1, x=1)):
        with pytest.raises(TypeError):
            wrong()


def test_what_is_pickled_comes_back():
    from mdderive.model.diagnostics import Finding
    from mdderive.model.source import Span

    found = Finding("DRV401", Span(1, 2))
    assert pickle.loads(pickle.dumps(found)) == found
