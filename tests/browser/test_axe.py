"""What axe-core finds to complain about in derivations and in pages that stand alone: nothing, in both colour schemes."""

import shutil
import subprocess
import tarfile

import pytest

import mdderive
from tests.browser.sites import CHROMIUM, DEFAULT, MATERIAL, built, served
from tests.browser.test_component import NOTE

pytest.importorskip("playwright")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
    pytest.mark.skipif(shutil.which("npm") is None, reason="axe-core needs npm"),
]
OPEN = "document.querySelectorAll('.mdderive details').forEach(d => d.open = true)"
FOUND = "where => axe.run(where).then(r => r.violations.map(v => [v.id, v.impact, v.nodes[0].html]))"


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run(
        ["npm", "pack", "axe-core@4.14.1"], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    if done.returncode:
        pytest.skip("axe-core could not be had")
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        return archive.extractfile("package/axe.min.js").read().decode("utf-8")


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
