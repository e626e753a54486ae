"""A page of the built kind in a real browser without a network: the formulas are drawn, nothing asks another server."""

import gzip
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlparse

import pytest

import playground
from tests.browser.sites import served
from tests.browser.test_axe import FOUND

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ROOT = Path(__file__).parents[2]
KATEX = ROOT / "mdderive/assets/katex"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=5000"),
)


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(ROOT / "site/mkdocs.yml"), "-d", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return folder


def drawn(page, tmp_path):
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path}", "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout


def test_formulas_are_drawn_offline(public, tmp_path):
    page = drawn(public / "topics/least-squares/index.html", tmp_path)
    assert page.count('class="katex"') >= 20
    assert "katex-error" not in page
    body = re.sub(r"<annotation.*?</annotation>", "", page, flags=re.DOTALL)
    assert r"\begin{aligned}" not in body


def test_chinese_captions_are_drawn(public, tmp_path):
    page = drawn(public / "zh/topics/least-squares/index.html", tmp_path)
    assert "katex-error" not in page
    assert "已验证" in page


def test_no_page_asks_another_server(public):
    for page in public.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r"""<(?:script|link|img)[^>]*(?:src|href)=["'](https?://[^"']+)""", text)
        assert not loaded, (page, loaded)


def test_a_page_leads_to_its_translation(public):
    english = (public / "topics/trace/index.html").read_text(encoding="utf-8")
    chinese = (public / "zh/topics/trace/index.html").read_text(encoding="utf-8")
    assert '<html lang="en"' in english
    assert '<html lang="zh"' in chinese
    assert re.search(r'href="\.\./\.\./zh/topics/trace/" hreflang="zh" class="md-select__link"', english)
    assert re.search(r'href="\.\./\.\./\.\./topics/trace/" hreflang="en" class="md-select__link"', chinese)
    assert 'href="../../zh/topics/least-squares/"' not in english
    assert "迹技巧" in chinese
    assert "Trace tricks" not in chinese


@pytest.mark.skipif(not playground.RUNTIME.is_dir(), reason="Python for the browser is not there: npm install --prefix site")
def test_the_playground_derives_refuses_and_shares(public, chromium):
    pytest.importorskip("playwright")
    with served(public) as address:
        context = chromium.new_context(viewport={"width": 360, "height": 800}, permissions=["clipboard-read", "clipboard-write"])
        asked = []
        context.on("request", lambda request: asked.append(urlparse(request.url).netloc))
        page = context.new_page()
        page.set_default_timeout(90_000)  # Python starts in seconds, on a machine that has nothing else to do
        page.goto(f"{address}zh/playground/")
        page.locator("[data-part=start]").click()
        page.wait_for_selector(".playground .mdderive-result .katex")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.locator("[data-example]").nth(1).click()
        page.wait_for_function("document.querySelector('[data-part=shown]').textContent.includes('DRV401')")
        page.locator("[data-part=share]").click()
        page.wait_for_function("location.hash.startsWith('#note=')")
        shared = context.new_page()
        shared.goto(page.url)
        assert shared.input_value("textarea") == page.input_value("textarea")
        assert set(asked) == {urlparse(address).netloc}


AUDITED = ["", "topics/gradients/", "cookbook/", "diagnostics/DRV401/", "guide/other-programs/", "playground/"]


@pytest.mark.parametrize("page", [folder + name for name in AUDITED for folder in ("", "zh/")])
def test_axe_finds_nothing_serious(public, chromium, axe, page):
    pytest.importorskip("playwright")
    with served(public) as address:
        for scheme in ("light", "dark"):
            tab = chromium.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
            tab.goto(f"{address}{page}")
            tab.wait_for_load_state("networkidle")
            tab.evaluate(axe)
            found = tab.evaluate(FOUND, "html")
            assert [violation for violation in found if violation[1] in ("serious", "critical")] == [], scheme
            tab.close()


def test_a_formula_wider_than_a_phone_is_moved_by_the_keyboard(public, chromium):
    pytest.importorskip("playwright")
    with served(public) as address:
        tab = chromium.new_page(viewport={"width": 360, "height": 900})
        tab.goto(f"{address}rules/")
        tab.wait_for_load_state("networkidle")
        wide = "[...document.querySelectorAll('.katex-display')].filter(e => e.scrollWidth > e.clientWidth + 1)"
        assert tab.evaluate(f"{wide}.length") > 10
        assert tab.evaluate(f"{wide}.filter(e => e.tabIndex != 0).map(e => e.textContent)") == []
        tab.close()


@pytest.mark.parametrize("lang", ["", "zh/"])
def test_the_first_page_is_light(public, chromium, lang):
    pytest.importorskip("playwright")
    loaded = []
    with served(public) as address:
        tab = chromium.new_page()
        tab.on("response", lambda response: loaded.append(response))
        tab.goto(f"{address}{lang}")
        tab.wait_for_load_state("networkidle")
        sizes = {r.url: len(gzip.compress(r.body())) for r in loaded if r.ok}
        tab.close()
    assert any(url.endswith(f"/{lang}search/search_index.json") for url in sizes)
    assert sum(sizes.values()) < 400_000, sizes


@pytest.mark.parametrize(
    ("lang", "words", "page"),
    [
        ("", "trace", "topics/trace/"),
        ("", "least squares", "topics/least-squares/"),
        ("", "softmax", "topics/softmax/"),
        ("", "determinant", "cookbook/determinants/"),
        ("", "hessian", "topics/hessians/"),
        ("", "DRV401", "diagnostics/DRV401/"),
        ("", "pre-commit", "guide/mkdocs/"),
        ("zh/", "迹", "zh/topics/trace/"),
        ("zh/", "最小二乘", "zh/topics/least-squares/"),
        ("zh/", "行列式", "zh/cookbook/determinants/"),
        ("zh/", "海森矩阵", "zh/topics/hessians/"),
        ("zh/", "演练场", "zh/playground/"),
    ],
)
def test_a_search_finds_what_a_reader_types(public, chromium, lang, words, page):
    pytest.importorskip("playwright")
    with served(public) as address:
        tab = chromium.new_page()
        tab.goto(f"{address}{lang}guide/start/")
        tab.wait_for_load_state("networkidle")
        tab.locator(".md-search__input").fill(words)
        tab.locator(".md-search__input").press("End")  # a key tells the theme that somebody types
        tab.wait_for_selector(".md-search-result__link")
        found = [link.evaluate("e => e.href") for link in tab.locator("a.md-search-result__link").all()]
        tab.close()
        assert any(link.partition("?")[0].partition("#")[0] == f"{address}{page}" for link in found[:12]), found
        assert all(link.startswith(f"{address}zh/") == bool(lang) for link in found)
