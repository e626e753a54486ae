"""Python-Markdown, by itself and in Zensical: right blocks are expanded, wrong ones stop the build, wherever they come from."""

import signal
import subprocess
import sys
import time

import pytest

from tests.adapters.notes import BLOCK, PLACE, RIGHT, STATED, WRONG, needs, python, write

markdown = pytest.importorskip("markdown")
pytest.importorskip("pymdownx")
adapter = pytest.importorskip("mdderive.adapters.python_markdown")

EXTENSION = "mdderive.adapters.python_markdown"
INSIDE = "".join(f"    {line}\n" for line in BLOCK.splitlines())


def page(text, *others, **options):
    configs = {EXTENSION: options} if options else {}
    return markdown.markdown(text, extensions=[EXTENSION, *others], extension_configs=configs)


@pytest.mark.parametrize("others", [(), ("pymdownx.superfences",), ("pymdownx.arithmatex", "fenced_code"), ("extra",)])
@pytest.mark.parametrize(
    "text",
    [RIGHT, f"!!! note\n\n{INSIDE}", f"- item\n\n{INSIDE}", f'=== "Tab"\n\n{INSIDE}'],
    ids=["page", "admonition", "list", "tab"],
)
def test_a_right_block_is_expanded_and_its_formulas_are_left_alone(text, others):
    html = page(text, "admonition", "pymdownx.tabbed", *others)
    assert "derive" not in html
    assert r"\begin{aligned}" in html
    assert r"dX)" in html
    assert "$$" not in html


def test_definitions_carry_over_to_the_blocks_of_a_section():
    above, below = BLOCK.replace("\\frac", "```\n\nThen\n\n```derive\n\\frac", 1).split("Then")
    assert "verified" in page(above + "Then" + below).lower()


@pytest.mark.parametrize("options", [{}, {"lang": "zh"}])
def test_a_wrong_block_raises_with_the_report(options):
    with pytest.raises(adapter.Unpublishable) as raised:
        page(WRONG.partition("---\n# ")[2], **options)
    assert "DRV401" in str(raised.value)
    assert "a b^{\\top}" in str(raised.value)
    assert ("反例" in str(raised.value)) == bool(options)


def test_what_looks_like_a_block_raises():
    with pytest.raises(adapter.Unpublishable, match="DRV108"):
        page(RIGHT.replace("derive", "Derive", 1))


def test_a_block_from_a_snippet_is_judged(tmp_path):
    write(tmp_path, {"right.md": RIGHT, "wrong.md": WRONG})
    snippets = {"pymdownx.snippets": {"base_path": [str(tmp_path)]}}
    made = [EXTENSION, "pymdownx.snippets", "pymdownx.superfences"]
    text = markdown.markdown('# Page\n\n--8<-- "right.md"\n', extensions=made, extension_configs=snippets)
    assert r"\begin{aligned}" in text
    with pytest.raises(adapter.Unpublishable, match="DRV401"):
        markdown.markdown('# Page\n\n--8<-- "wrong.md"\n', extensions=made, extension_configs=snippets)


FALSE = "# Page\n\nLet $A$ and $B$ be $n \\times n$ matrices. Then $A B = B A$.\n"


def test_formulas_outside_of_blocks_are_judged_when_asked_for(capsys):
    page(FALSE)
    assert capsys.readouterr().err == ""
    page(FALSE, equations="warn")
    assert "DRV402" in capsys.readouterr().err
    with pytest.raises(adapter.Unpublishable, match="DRV402"):
        page(FALSE, equations="fail")


@pytest.mark.parametrize(("options", "error"), [({"laout": "numerator"}, KeyError), ({"layout": "sideways"}, ValueError)])
def test_unknown_options_are_errors(options, error):
    with pytest.raises(error):
        page(RIGHT, **options)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("/bin/zensical serve -a localhost:1", True),
        ("/lib/zensical/__main__.py serve", True),
        ("/bin/mkdocs -q serve", True),
        ("/bin/mkdocs build -d serve", False),
        ("/bin/zensical build", False),
        ("/bin/other serve", False),
        ("", False),
    ],
)
def test_who_writes_and_watches(command, expected, monkeypatch):
    monkeypatch.setattr(sys, "argv", command.split(" "))
    assert adapter.watched() is expected


# ---------------------------------------------------------------- Zensical

PLAIN = '[project]\nsite_name = "S"\n[project.markdown_extensions.mdderive]\n'
KEPT_APART = PLAIN + (
    "[project.markdown_extensions.pymdownx.superfences]\n"
    'custom_fences = [{ name = "derive", class = "derive", format = { object = "mdderive.adapters.python_markdown.Fence" } }]\n'
)


def site(folder, pages, config=KEPT_APART):
    return write(folder, {"zensical.toml": config} | {f"docs/{name}": text for name, text in pages.items()})


def build(folder, *arguments):
    return python(folder, "-m", "zensical", "build", *arguments)


def serve(folder, until, page=""):
    """Let Zensical serve until a text stands in the output, and a page where one is named, and return what it printed."""
    command = [sys.executable, "-m", "zensical", "serve", "-a", "localhost:0"]
    with (folder / "log").open("w+", encoding="utf-8") as log:
        served = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        end = time.monotonic() + 60

        def waiting():
            return until not in (folder / "log").read_text(encoding="utf-8") or not (folder / page).exists()

        while waiting() and served.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(0.5)
        if served.poll() is None:
            served.send_signal(signal.SIGINT)
        try:
            served.wait(timeout=10)
        except subprocess.TimeoutExpired:  # at times it does not mind
            served.kill()
            served.wait()
    return (folder / "log").read_text(encoding="utf-8")


@needs("zensical")
class TestZensical:
    @pytest.mark.parametrize("config", [PLAIN, KEPT_APART])
    def test_a_right_page_is_built(self, config, tmp_path):
        result = build(site(tmp_path, {"index.md": RIGHT}, config))
        assert result.returncode == 0, result.stdout + result.stderr
        html = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
        assert r"\begin{aligned}" in html
        assert "language-derive" not in html

    @pytest.mark.parametrize("config", [PLAIN, KEPT_APART])
    def test_a_wrong_page_fails_the_build_each_time_and_is_named_with_its_line(self, config, tmp_path):
        folder = site(tmp_path, {"index.md": RIGHT, "deep/wrong.md": WRONG}, config)
        for _ in range(2):
            result = build(folder)
            assert result.returncode != 0
            assert "DRV401" in result.stderr
            line, column = PLACE
            assert f"docs/deep/wrong.md:{line}:{column}" in result.stderr
        assert not (folder / "site" / "deep" / "wrong" / "index.html").exists()

    def test_the_places_are_those_of_the_file_from_any_folder(self, tmp_path):
        folder = site(tmp_path / "site", {"index.md": WRONG})
        (tmp_path / "elsewhere").mkdir()
        result = build(tmp_path / "elsewhere", "-f", "../site/zensical.toml")
        assert result.returncode != 0
        assert f"{folder / 'docs' / 'index.md'}:{PLACE[0]}:{PLACE[1]}" in result.stderr

    def test_the_places_of_a_page_with_snippets_are_those_of_its_file(self, tmp_path):
        more = '[project.markdown_extensions.pymdownx.snippets]\nbase_path = ["."]\n'
        head, mark, rest = WRONG.partition("# Wrong\n")
        text = f'{head}{mark}\n--8<-- "part.md"\n{rest}'
        folder = site(tmp_path, {"index.md": text}, KEPT_APART + more)
        write(folder, {"part.md": "A part\n\nof three lines.\n"})
        assert f"docs/index.md:{PLACE[0] + 2}:{PLACE[1]}" in build(folder).stderr
        write(folder, {"part.md": BLOCK.replace(STATED, "= 3 a b^T"), "docs/index.md": text.replace("2 a b", "a b")})
        result = build(folder)
        assert result.returncode != 0
        assert "docs/index.md (as put together):" in result.stderr

    def test_serve_shows_a_box_that_build_does_not_publish(self, tmp_path):
        folder = site(tmp_path, {"index.md": RIGHT, "wrong.md": WRONG})
        assert "DRV401" in serve(folder, "DRV401", "site/wrong/index.html")
        assert "mdderive-error" in (folder / "site" / "wrong" / "index.html").read_text(encoding="utf-8")
        result = build(folder)
        assert result.returncode != 0
        assert f"docs/wrong.md:{PLACE[0]}:{PLACE[1]}" in result.stderr

    def test_without_the_fence_serve_shows_nothing_that_build_could_publish(self, tmp_path):
        folder = site(tmp_path, {"index.md": RIGHT, "wrong.md": WRONG}, PLAIN)
        assert "custom_fences" in serve(folder, "custom_fences")
        assert build(folder).returncode != 0

    def test_a_block_that_nothing_looked_at_fails_the_build(self, tmp_path):
        alone = KEPT_APART.replace("[project.markdown_extensions.mdderive]\n", "")
        result = build(site(tmp_path, {"index.md": RIGHT}, alone))
        assert result.returncode != 0
        assert "nothing judged this block" in result.stderr
