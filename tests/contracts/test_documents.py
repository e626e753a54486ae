"""What the project says about itself is true: help and guide, codes and pages, README and wheel."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import click
import pytest

from mdderive.cli.main import cli
from mdderive.model.diagnostics import CATALOG
from mdderive.model.results import CHOICES
from mdderive.output.machine import general
from mdderive.output.pages import OUTPUTS
from mdderive.output.reports import FORMATS

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "site/docs/guide/command-line.md").read_text(encoding="utf-8")
README, CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
PAGES = ROOT / "site/docs/diagnostics"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LIBRARIES = tuple(re.match(r"[\w.-]+", line)[0] for line in PROJECT["project"]["dependencies"])


def options():
    for name, command in sorted(cli.commands.items()):
        for option in command.params:
            for flag in option.opts if isinstance(option, click.Option) else ():
                yield pytest.param(name, flag, id=f"{name} {flag}")


@pytest.mark.parametrize(("command", "flag"), list(options()))
def test_every_option_is_in_the_guide(command, flag):
    assert f"`{flag}`" in GUIDE or f"`{flag} " in GUIDE


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_is_in_the_guide_and_has_help(name):
    assert f"mdderive {name}" in GUIDE
    assert cli.commands[name].help


def test_every_option_of_the_guide_exists():
    known = {flag for parameter in options() for flag in parameter.values[1:]}
    assert set(re.findall(r"`(--[a-z-]+)", GUIDE)) <= known


@pytest.mark.parametrize("value", [*FORMATS, *(name for name in OUTPUTS), *(v for values in CHOICES.values() for v in values)])
def test_every_choice_is_in_the_guide(value):
    assert f"`{value}`" in GUIDE + (ROOT / "site/docs/guide/blocks.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", sorted(CATALOG))
def test_every_code_has_a_page_with_its_words(code):
    first = (PAGES / f"{code}.md").read_text(encoding="utf-8").splitlines()[0]
    assert first.replace("`", "") == f"# {code}: {general(CATALOG[code].words['en'])}".replace("`", "")


def test_every_page_has_a_code():
    assert {file.stem for file in PAGES.glob("*.md")} == set(CATALOG)


def commands(readme=README):
    return [line for block in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL) for line in block.strip().splitlines()]


def test_the_readme_has_two_commands_that_need_nothing_else():
    found = commands()
    assert len(found) == 2
    for line in found:
        assert line.startswith("python3 -m venv .venv && .venv/bin/pip install -e '.[")
        [extra] = re.findall(r"\.\[(\w+)\]", line)
        assert extra in PROJECT["project"]["optional-dependencies"]
        tool, *args = line.rpartition("&& ")[2].split()
        assert tool.startswith(".venv/bin/")
        assert (Path(sys.executable).parent / Path(tool).name).exists()
        assert all((ROOT / arg).exists() for arg in args if "/" in arg)


def held_back(name, seen):
    """Yield what a distribution, or one that it brings along, demands of the libraries that users get, at most at a version."""
    if name in seen:
        return
    seen.add(name)
    for line in requires(name) or []:
        other = re.match(r"[\w.-]+", line)[0]
        if "extra ==" in line or other.lower() == "mdderive":
            continue
        if other.lower() in LIBRARIES and "<" in line.partition(";")[0]:
            yield name, line
        try:
            yield from held_back(other.lower(), seen)
        except PackageNotFoundError:  # for another system
            continue


def test_the_tests_run_on_the_libraries_that_users_get():
    """SymPy holds mpmath back, so it is installed without what it demands."""
    users, extra = (
        [re.match(r"[\w.-]+", line)[0] for line in lines]
        for lines in (PROJECT["project"]["dependencies"], PROJECT["project"]["optional-dependencies"]["dev"])
    )
    assert [found for name in extra for found in held_back(name, {*users})] == []
    [command] = [line for line in commands() if "[dev]" in line]
    assert "pip install --no-deps 'sympy" in command


def test_the_site_is_built_with_what_its_pages_name():
    """The laws of special functions are SymPy's: without it the page on functions links rules that are not there."""
    named = {re.match(r"[\w.-]+", line)[0] for line in PROJECT["project"]["optional-dependencies"]["site"]}
    assert {"mkdocs-material", "jieba", "sympy"} <= named


@pytest.mark.parametrize("readme", [README, CHINESE], ids=["en", "zh"])
def test_what_the_readme_links_is_there(readme):
    for target in re.findall(r"\]\(([^)]+)\)", readme):
        assert (ROOT / target).is_file(), target


def test_the_chinese_readme_has_the_commands_and_settings_of_the_english_one():
    assert commands(CHINESE) == commands()
    assert re.findall(r"```yaml\n.*?```", CHINESE, re.DOTALL) == re.findall(r"```yaml\n.*?```", README, re.DOTALL)
    console = [re.findall(r"^\$ (.*)$", readme, re.MULTILINE) for readme in (README, CHINESE)]
    assert console[0] == [line.replace(" --lang zh", "") for line in console[1]]


def test_contributing_names_places_that_exist():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for place in re.findall(r"`((?:mdderive|site|tests|\.ci)/[^` ]*)`", text):
        assert (ROOT / place).exists(), place


def test_the_hook_calls_a_command_that_exists():
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    for entry in re.findall(r"entry: mdderive (\w+)", hooks):
        assert entry in cli.commands


def test_the_site_is_not_built_into_its_own_folder():
    assert "site_dir: public" in (ROOT / "site/mkdocs.yml").read_text(encoding="utf-8")
    assert "site/public/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_wheel_holds_the_two_packages_and_the_pages(tmp_path):
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [wheel] = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"mdderive", "mdderive_mkdocs"}
    assert {"mdderive/assets/katex/katex.min.js", "mdderive/assets/katex/LICENSE", "mdderive/assets/math.js"} <= {*names}
    assert {"mdderive/py.typed", "mdderive_mkdocs/py.typed"} <= set(names)
    assert {f"mdderive/explanations/{lang}/{code}.md" for lang in ("en", "zh") for code in CATALOG} <= set(names)
    assert not [name for name in names if "__pycache__" in name or "test" in name.lower()]
