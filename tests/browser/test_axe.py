"""What axe-core finds to complain about in derivations and in pages that stand alone: nothing, in both colour schemes."""

import pytest

import mdderive
from tests.browser.sites import CHROMIUM, DEFAULT, MATERIAL, built, served
from tests.browser.test_component import NOTE

pytest.importorskip("playwright")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
OPEN = "document.querySelectorAll('.mdderive details').forEach(d => d.open = true)"
FOUND = "where => axe.run(where).then(r => r.violations.map(v => [v.id, v.impact, v.nodes[0].html]))"


@pytest.mark.parametrize("where", ["default", "material", "alone"])
def test_axe_finds_nothing(tmp_path, chromium, axe, where):
    if where == "material":
        pytest.importorskip("material")
    if where == "alone":
        (tmp_path / "index.html").write_text(mdderive.convert(mdderive.check(NOTE), "html", standalone=True), encoding="utf-8")
    folder = (
        tmp_path if where == "alone" else built(tmp_path, {"default": DEFAULT, "material": MATERIAL}[where], {"index.md": NOTE})
    )
    with served(folder) as address:
        for scheme in ("light", "dark"):
            for width in (320, 1200):
                page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
                page.goto(address)
                page.wait_for_function("document.querySelectorAll('.katex-html').length >= 10")
                page.evaluate(OPEN)
                page.evaluate(axe)
                found = page.evaluate(FOUND, "html" if where == "alone" else ".mdderive")
                assert found == [], (scheme, width)
                page.close()
