r"""What draws the formulas of a site: what it has, or what mdderive brings along; and what is said where nothing does."""

import json
import re
from hashlib import sha256
from importlib.resources import files

import pytest

pytest.importorskip("mkdocs")

from tests.mkdocs.test_builds import GOOD, build, plugin_for

PAGE = "# Page\n\nProse $x_1$ here.\n\n" + GOOD
CONFIG = "site_name: S\nsite_dir: public\ntheme: {name: mkdocs, highlightjs: false}\n"
PLUGIN = "plugins: [mdderive]\n"
OURS = "assets/mdderive/math.js"


def site(folder, config, **pages):
    (folder / "docs").mkdir()
    for name, text in (pages or {"index": PAGE}).items():
        (folder / "docs" / f"{name}.md").write_text(text, encoding="utf-8")
    (folder / "mkdocs.yml").write_text(CONFIG + config, encoding="utf-8")
    return folder


def page(folder, name="index"):
    return (folder / "public" / f"{name}.html").read_text(encoding="utf-8")


def test_the_plugin_alone_brings_everything(tmp_path):
    result = build(site(tmp_path, PLUGIN), "--strict")
    assert result.returncode == 0, result.stderr
    assert OURS in page(tmp_path)
    assert r'<span class="arithmatex">\(x_1\)</span>' in page(tmp_path)
    brought = tmp_path / "public" / "assets" / "mdderive" / "katex"
    assert (brought / "katex.min.js").is_file()
    assert (brought / "LICENSE").is_file()
    assert len(list(brought.glob("fonts/*.woff2"))) == 20


@pytest.mark.parametrize(
    "own",
    [
        "extra_javascript: [https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-mml-chtml.js]\n",
        "extra_javascript: [{path: js/MathJax.js, async: true}]\n",
        "extra_javascript: [katex/katex.min.js]\n",
    ],
)
def test_what_a_site_has_is_left_alone(tmp_path, own):
    result = build(site(tmp_path, PLUGIN + own + "markdown_extensions: [{pymdownx.arithmatex: {generic: true}}]\n"), "--strict")
    assert result.returncode == 0, result.stderr
    assert OURS not in page(tmp_path)
    assert not (tmp_path / "public" / "assets" / "mdderive" / "katex").exists()


def test_what_a_hook_or_a_template_loads_is_left_alone(tmp_path):
    hook = "def on_config(config):\n    config.extra_javascript.append('katex.js')\n"
    folder = site(tmp_path, PLUGIN + "hooks: [hook.py]\n")
    (folder / "hook.py").write_text(hook)
    assert build(folder, "--strict").returncode == 0
    assert OURS not in page(folder)
    (folder / "mkdocs.yml").write_text(CONFIG.replace("{name", "{custom_dir: theme, name") + PLUGIN)
    (folder / "theme").mkdir()
    (folder / "theme" / "main.html").write_text(
        '{% extends "base.html" %}{% block libs %}<script src="MathJax.js"></script>{% endblock %}'
    )
    assert build(folder, "--strict").returncode == 0
    assert OURS not in page(folder)


def test_off_is_off(tmp_path):
    result = build(site(tmp_path, "plugins: [{mdderive: {math: off}}]\n"), "--strict")
    assert result.returncode == 0, result.stderr
    assert OURS not in page(tmp_path)
    assert "Prose $x_1$ here" in page(tmp_path)


def test_options_of_arithmatex_are_left_alone(tmp_path):
    own = "markdown_extensions: [{pymdownx.arithmatex: {generic: true, inline_tag: b}}]\n"
    assert build(site(tmp_path, PLUGIN + own), "--strict").returncode == 0
    assert r'<b class="arithmatex">\(x_1\)</b>' in page(tmp_path)
    assert OURS in page(tmp_path)


def test_a_formula_that_nothing_took_is_named(tmp_path):
    result = build(site(tmp_path, PLUGIN, index="- item\n    $$\n    x = y\n    $$\n", other="`$$x$$` and `$x$`, $5 or $6\n"))
    assert result.returncode == 0
    (warning,) = re.findall(r"WARNING.*", result.stderr)
    assert "docs/index.md: $$ x = y $$" in warning
    assert "blank line" in warning


def test_without_arithmatex_it_is_said_what_to_install(tmp_path, monkeypatch, caplog):
    from mkdocs.commands.build import build as build_site

    from mdderive_mkdocs import katex

    monkeypatch.setattr(katex, "find_spec", lambda name: None)
    build_site(plugin_for(site(tmp_path, PLUGIN), "build"))
    (warning,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert "docs/index.md: $x_1$" in warning
    assert "pip install pymdown-extensions" in warning


def test_a_theme_that_loads_nothing_is_named(tmp_path):
    folder = site(tmp_path, PLUGIN)
    (folder / "mkdocs.yml").write_text(CONFIG.replace("{name: mkdocs", "{custom_dir: theme, name: null") + PLUGIN)
    (folder / "theme").mkdir()
    (folder / "theme" / "main.html").write_text("{{ page.content }}")
    result = build(folder)
    assert result.returncode == 0
    assert result.stderr.count("does not load extra_javascript") == 1


def test_what_a_browser_loads_is_the_version_that_is_named():
    home = files("mdderive") / "assets" / "katex"
    manifest = json.loads((home / "MANIFEST.json").read_text(encoding="utf-8"))
    for name, digest in manifest["files"].items():
        assert sha256((home / name).read_bytes()).hexdigest() == digest, name
    assert f'version:"{manifest["version"]}"' in (home / "katex.min.js").read_text(encoding="utf-8")
    assert "Khan Academy" in (home / "LICENSE").read_text(encoding="utf-8")
    fonts = set(re.findall(r"fonts/[\w-]+\.woff2", (home / "katex.min.css").read_text(encoding="utf-8")))
    assert fonts == {name for name in manifest["files"] if name.startswith("fonts/")}
