"""A derivation as its reader uses it: folded, followed, copied, on a phone, in the dark, printed, and by who listens."""

import pytest

from tests.browser.sites import CHROMIUM, DEFAULT, MATERIAL, built, served

pytest.importorskip("playwright")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

NOTE = r"""# Note

```derive title="Ridge"
X: m x n, w: n, y: m, \lambda: scalar
f = \frac12 \|X w - y\|^2 + \lambda \|w\|^2
\frac{\partial f}{\partial w} = ?
```

```derive new result="first" steps="full"
W: m x n, x: n, y: m
f = \frac12 \|\tanh(W x) - y\|^2
\frac{\partial f}{\partial W} = ?
```
"""
LONG = r"""# Long

```derive
A: m x n, B: m x n, C: m x n, D: m x n, X: n x p
f = \operatorname{tr}((A X + B X + C X + D X)^T (A X - B X + C X - D X) (X^T X + X^T X))
\frac{\partial f}{\partial X} = ?
```
"""
LEFT = r"""# Left

In a line $l = -\sum_{i=1}^{N} \left( y_i \log \sigma(w^T x_i) + (1 - y_i) \log(1 - \sigma(w^T x_i)) + \mu (w^T w) \right)$
is moved.

```derive
x_i: n, y_i: scalar, w: n
f = \sum_{i=1}^{N} \left( y_i \log(1 + \exp(-w^T x_i)) + (1 - y_i) \log(1 + \exp(w^T x_i)) + (w^T x_i)^2 \right)
\frac{\partial f}{\partial w} = ?
```
"""
PAGES = {"index.md": "# Home\n\n[note](note.md)\n", "note.md": NOTE, "long.md": LONG, "left.md": LEFT}
THEMES = {"default": DEFAULT, "material": MATERIAL}
SHOWN = "document.querySelectorAll('.katex-html').length >= 10"


@pytest.fixture(scope="module", params=THEMES)
def address(request, tmp_path_factory):
    if request.param == "material":
        pytest.importorskip("material")
    with served(built(tmp_path_factory.mktemp(request.param), THEMES[request.param], PAGES)) as address:
        yield address


@pytest.fixture
def page(chromium, address):
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{address}note/")
    page.wait_for_function(SHOWN)
    yield page
    context.close()


def test_steps_fold_and_the_result_is_always_seen(page):
    first, second = page.locator(".mdderive").all()
    assert not first.locator(".mdderive-rows").is_visible()
    assert first.locator(".mdderive-result").is_visible()
    first.get_by_text("Derivation in 3 steps").click()
    assert first.locator(".mdderive-rows").is_visible()
    order = "e => e.querySelector('.mdderive-result').compareDocumentPosition(e.querySelector('.mdderive-steps'))"
    assert (first.evaluate(order), second.evaluate(order)) == (2, 4)  # behind, before


def test_a_caption_shows_its_rule_and_leads_to_it(page):
    page.get_by_text("Derivation in 3 steps").click()
    link = page.get_by_role("link", name="squared norm as an inner product").first
    tip = page.locator(".mdderive-tip").first
    assert not tip.is_visible()
    link.focus()
    assert tip.is_visible()
    assert tip.locator(".katex").count() == 1
    page.keyboard.press("Escape")
    assert not tip.is_visible()
    link.click()
    page.wait_for_url("**/assets/mdderive/rules.html#rule-norm-squared-vector")
    page.wait_for_function("document.querySelectorAll('.katex-html').length >= 3")
    assert page.locator("#rule-norm-squared-vector + h2").is_visible()
    assert page.locator(".katex-error").count() == 0


def test_what_is_copied_is_what_was_derived(page):
    component = page.locator(".mdderive").first
    copied = {}
    for name in ("LaTeX", "NumPy", "SymPy", "Source"):
        component.get_by_role("button", name=f"Copy as {name}").click()
        page.wait_for_function("document.querySelector('.mdderive [role=status]')?.textContent == 'Copied'")
        copied[name] = page.evaluate("navigator.clipboard.readText()")
    assert copied["LaTeX"] == r"\frac{\partial f}{\partial w} = X^{\top} (X w - y) + 2 \lambda w"
    assert copied["NumPy"] == "X.T @ (X @ w - y) + 2 * lambda_ * w"
    assert copied["SymPy"].startswith("from sympy import")
    assert f"{copied['Source']}\n" in NOTE


@pytest.mark.parametrize("name", ["note", "long", "left"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_on_a_phone(chromium, address, name, scheme):
    page = chromium.new_page(viewport={"width": 320, "height": 700}, color_scheme=scheme)
    page.goto(f"{address}{name}/")
    page.wait_for_function(SHOWN)
    page.evaluate("document.querySelectorAll('.mdderive details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    cut = """() => [...document.querySelectorAll('.mdderive .katex-html')].filter(e => {
        const scroller = e.closest('.mdderive-formula, .mdderive-said');
        return !e.closest('.mdderive-tip') && e.getBoundingClientRect().right > 320
            && !(scroller && scroller.scrollWidth > scroller.clientWidth);
    }).map(e => e.textContent)"""
    assert page.evaluate(cut) == []
    below = """e => e.querySelector('.mdderive-why').getBoundingClientRect().top
        >= e.querySelector('.mdderive-right').getBoundingClientRect().bottom - 1"""
    assert page.locator(".mdderive-rows li:has(.mdderive-why)").first.evaluate(below)
    page.close()


def test_everything_is_open_in_print(page):
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert all(rows.is_visible() for rows in page.locator(".mdderive-rows").all())
    assert page.get_by_text("random points").first.is_visible()
    assert not page.locator(".mdderive-copies").first.is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert not page.locator(".mdderive-rows").first.is_visible()
