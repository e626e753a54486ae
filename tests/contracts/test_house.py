"""The page on how mdderive is built shows the rooms and arrows that the imports make, and tells of every room."""

import re

import pytest

from tests.contracts.test_layers import MODULES, imports, room, tree

pytest.importorskip("mkdocs")

from tests.contracts.test_reference import SITE, reference

PAGES = {"en": SITE / "docs" / "guide" / "house.md", "zh": SITE / "docs" / "zh" / "guide" / "house.md"}


LOCAL = ("mdderive", "mdderive_mkdocs")


def arrows():
    """Return pairs of rooms of which the first imports from the second."""
    found = [(m.values[0], name) for m in MODULES for name, statement in imports(tree(m.values[1])) if not told(statement)]
    pairs = {(house(here), house(there)) for here, there in found if there.split(".")[0] in LOCAL}
    return {(here, there) for here, there in pairs if here != there}


def house(module):
    """Return the room of a module; the package itself is that of the public API."""
    return room(module) or "api"


def told(statement):
    """Tell whether a statement imports only what the package says of itself, such as its version."""
    return all(alias.name.startswith("__") for alias in statement.names)


ARROWS = arrows()
ROOMS = {name for arrow in ARROWS for name in arrow}


def closed(pairs):
    """Return the pairs that are linked by a way of pairs."""
    found = set(pairs)
    while new := {(a, d) for a, b in found for c, d in found if b == c} - found:
        found |= new
    return found


@pytest.mark.parametrize("lang", PAGES)
def test_the_table_lists_every_room_with_what_it_imports_from(lang):
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (.*) \|$", reference.rooms(lang), re.MULTILINE)
    assert {(here, there) for here, _, others in rows for there in re.findall(r"\w+", others)} == ARROWS
    assert {here for here, _, _ in rows} == ROOMS
    assert sum(int(count) for _, count, _ in rows) == len(MODULES)


def test_the_drawing_shows_every_room_and_the_arrows_that_make_all_others():
    drawn = reference.rooms()
    shown = set(re.findall(r'data-from="(\w+)" data-to="(\w+)"', drawn))
    assert set(re.findall(r"<text[^>]*>(\w+)</text>", drawn)) == ROOMS
    assert shown <= ARROWS
    assert closed(shown) == closed(ARROWS)
    assert all(closed(shown - {arrow}) != closed(ARROWS) for arrow in shown)


def test_arrows_lead_down_and_boxes_stand_apart_within_the_drawing():
    drawn = reference.rooms()
    width = int(re.search(r'viewBox="0 0 (\d+)', drawn)[1])
    boxes = [
        tuple(map(float, box)) for box in re.findall(r'<rect x="([\d.-]+)" y="([\d.]+)" width="(\d+)" height="(\d+)"', drawn)
    ]
    assert all(x >= 0 and x + w <= width for x, _, w, _ in boxes)
    for i, (x, y, w, h) in enumerate(boxes):
        assert not any(x < a + c and a < x + w and y < b + d and b < y + h for a, b, c, d in boxes[:i])
    for start, end in re.findall(r'd="M[\d.]+ ([\d.]+)[^"]* ([\d.]+)" data-from', drawn):
        assert float(start) < float(end)


@pytest.mark.parametrize(("lang", "page"), PAGES.items())
def test_the_page_asks_for_the_drawing_and_tells_of_every_room(lang, page):
    text = page.read_text(encoding="utf-8")
    assert text.count(f"\n{reference.ROOMS}\n") == 1
    walk, _, _ = text.partition("\n## ")
    assert {name for name in ROOMS if f"`{name}`" not in walk} == set()
