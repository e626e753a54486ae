r"""Pages of sites that name the plugin and nothing else: every formula is drawn, wherever the reader comes from."""

import pytest

from tests.browser.sites import CHROMIUM, DEFAULT, MATERIAL, built, free_port, served

pytest.importorskip("playwright")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

PAGE = r"""# One

Prose with $x_1^\top A x_2$ and

$$
f = \begin{aligned} a &= b \\ c &= d \end{aligned}
$$

```derive
a: m,  X: m x n,  b: n
f = a^T X b
\frac{\partial f}{\partial X} = a b^T
```

## By the matrix $W$

- item

    ```derive
    W: m x n,  A: m x m
    f = \operatorname{tr}(W^T A W)
    \frac{\partial f}{\partial W} = ?
    ```

[to the other](two.md)
"""
PAGES = {
    "index.md": "# Home\n\nNo formula, only words. [one](one.md)\n",
    "one.md": PAGE,
    "two.md": "# Two\n\n说明 $\\tr(A^\\top B)$。[home](index.md) [one](one.md)\n\n"
    + PAGE.partition("and\n")[2].rpartition("[")[0],
}
ARITHMATEX = "markdown_extensions:\n  - pymdownx.arithmatex: {generic: %s}\n"
CONFIGS = {
    "default": DEFAULT,
    "readthedocs": DEFAULT.replace("name: mkdocs", "name: readthedocs"),
    "material": MATERIAL,
    "arithmatex": DEFAULT + ARITHMATEX % "true",
    "arithmatex for MathJax 2": DEFAULT + ARITHMATEX % "false",
}
LEFT = """() => {
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const left = [];
    while (words.nextNode()) {
        const at = words.currentNode;
        if (at.parentElement.closest(".katex, script, style, pre, code, [hidden]")) continue;
        if (/[$]|\\\\[(\\[a-z]/.test(at.data)) left.push(at.data);
    }
    return left;
}"""


def drawn(page, formulas):
    """Wait until a page has so many formulas and assert that nothing of them is left as it was written."""
    page.wait_for_function("n => document.querySelectorAll('.katex-html').length >= n", arg=formulas, timeout=10000)
    assert page.evaluate(LEFT) == []
    assert page.locator(".katex-error").count() == 0
    assert page.locator(".katex math").count() >= formulas  # for who listens
    assert page.evaluate("document.fonts.check('12px KaTeX_Main')")


@pytest.mark.parametrize("name", CONFIGS)
def test_formulas_are_drawn(tmp_path, chromium, name):
    if name == "material":
        pytest.importorskip("material")
    asked, port = [], free_port()
    config = CONFIGS[name].replace("//127.0.0.1/", f"//127.0.0.1:{port}/")
    with served(built(tmp_path, config, PAGES), port) as address:
        page = chromium.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        assert not [url for url in asked if "katex" in url]  # no formula on the first page
        page.wait_for_timeout(500 * (name == "material"))  # until it knows the map of the site
        page.evaluate("window.stays = true")
        page.get_by_role("link", name="one", exact=True).first.click()
        page.wait_for_url("**/one/")
        drawn(page, 12)
        page.get_by_role("link", name="to the other").first.click()
        page.wait_for_url("**/two/")
        drawn(page, 12)
        assert page.evaluate("Boolean(window.stays)") == (name == "material")  # navigation was instant
        page.go_back()
        page.wait_for_url("**/one/")
        drawn(page, 12)
        formulas = page.locator(".katex-html").count()
        page.evaluate("window.dispatchEvent(new Event('resize'))")
        assert page.locator(".katex-html").count() == formulas
        page.close()
    assert not [url for url in asked if not url.startswith((address, "data:", "blob:"))]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_page_that_stands_alone_is_drawn_from_its_file(tmp_path, chromium, lang):
    import mdderive

    text = PAGE.replace("```derive", f'```derive lang="{lang}"')
    (tmp_path / "page.html").write_text(mdderive.convert(mdderive.check(text), "html", standalone=True), encoding="utf-8")
    asked = []
    page = chromium.new_page(viewport={"width": 320, "height": 700})
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "page.html").as_uri())
    drawn(page, 12)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator(".mdderive summary").first.click()
    page.locator(".mdderive-rule").first.click()
    assert page.locator("dt:target").count() == 1
    assert [url for url in asked if not url.startswith("data:")] == [(tmp_path / "page.html").as_uri()]
    page.close()
