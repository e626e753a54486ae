"""What is said of a command line that cannot be carried out, in both languages."""

import ast
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from mdderive.cli.main import cli
from mdderive.cli.misuse import ZH, in_chinese

ROOM = Path(__file__).parents[2] / "mdderive/cli"


def run(*args):
    return CliRunner().invoke(cli, args, prog_name="mdderive")


def messages():
    """Yield what is said of misuse in the room of the command line, with `X` for what it is about."""
    for module in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "click.UsageError":
                match node.args[0]:
                    case ast.Constant(value=text):
                        yield text
                    case ast.JoinedStr(values=parts):
                        yield "".join(part.value if isinstance(part, ast.Constant) else "X" for part in parts)


def test_every_misuse_is_told_in_chinese_too():
    own = [text for text in messages() if text != "X; every report names the codes it is about"]
    assert len(own) > 15
    assert [text for text in own if in_chinese(text) == text and "unknown rule" not in text] == []


def test_every_message_has_as_many_facts_in_chinese():
    assert [english for english, chinese in ZH.items() if english.count("{}") < chinese.count("{}")] == []


@pytest.mark.parametrize(
    "args",
    [
        ("check", "nowhere.md"),
        ("check", "--fromat", "full"),
        ("check", "--format", "x"),
        ("check", "--jobs", "0"),
        ("check", "--jobs"),
        ("chek",),
        ("convert",),
        ("explain", "foo"),
        ("explain", "a", "b"),
        ("rules", "foo"),
        ("derive", "x"),
    ],
)
def test_misuse_is_told_in_the_language_that_is_asked_for(args):
    english, chinese = run(*args), run("--lang", "zh", *args)
    assert english.exit_code == chinese.exit_code == 2
    assert "Error: " in english.stderr
    assert chinese.stderr.startswith("用法：mdderive")
    assert re.search("[\u4e00-\u9fff]", chinese.stderr.partition("错误：")[2])


def test_the_language_counts_wherever_it_stands():
    assert "没有这个文件或文件夹：nowhere.md" in run("check", "nowhere.md", "--lang=zh").stderr


@pytest.mark.parametrize(("text", "said"), [("# Text\n", "--equations"), ("", "--equations")])
def test_a_note_without_a_block_says_how_it_is_judged(tmp_path, monkeypatch, text, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "note.md").write_text(text, encoding="utf-8")
    assert said in run("check", "note.md").stdout
    assert said not in run("check", "note.md", "--equations").stdout
    assert said not in run("check", "note.md", "--format", "json").stdout


def test_a_folder_without_notes_says_so(tmp_path):
    assert run("check", str(tmp_path)).stdout == "nothing to judge: no note was found\n"
    assert run("check", "--lang", "zh", str(tmp_path)).stdout == "没有可判定的内容：没有找到笔记\n"
