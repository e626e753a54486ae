"""The action for GitHub: its steps are run as a runner runs them, but for those that install."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

yaml = pytest.importorskip("yaml")

ACTION = yaml.safe_load((Path(__file__).parents[2] / "action.yml").read_text(encoding="utf-8"))
RIGHT = "```derive\nx: n, A: n x n\nf = x^T A x\n\\nabla_x f = (A + A^T) x\n```\n"
EXPRESSION = re.compile(r"\$\{\{\s*inputs\.([\w-]+)\s*\}\}")


def run(folder, name, **given):
    """Run one step with inputs, the others as the action sets them."""
    inputs = {key: str(row["default"]) for key, row in ACTION["inputs"].items()} | given
    (step,) = [step for step in ACTION["runs"]["steps"] if step.get("name") == name]
    put = {key: EXPRESSION.sub(lambda found: inputs[found[1]], value) for key, value in step["env"].items()}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **put, "PATH": path}, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(os.name == "nt", reason="the steps are for bash")
def test_the_steps_pass_what_is_right_and_fail_on_what_is_wrong(tmp_path):
    (tmp_path / "a.md").write_text(RIGHT, encoding="utf-8")
    assert run(tmp_path, "Check").returncode == 0
    (tmp_path / "b.md").write_text(RIGHT.replace("(A + A^T) x", "2 A x"), encoding="utf-8")
    assert run(tmp_path, "Check", paths="a.md").returncode == 0
    wrong = run(tmp_path, "Check", paths="a.md b.md", args="--strict")
    assert wrong.returncode == 1
    assert re.search(r"^::error title=mdderive DRV401,file=b\.md,line=4,", wrong.stdout, re.MULTILINE)
    assert run(tmp_path, "Check", paths="*.md; touch seen").returncode == 2
    assert not (tmp_path / "seen").exists()


@pytest.mark.skipif(os.name == "nt", reason="the steps are for bash")
def test_a_log_is_written_whatever_is_wrong(tmp_path):
    (tmp_path / "b.md").write_text(RIGHT.replace("(A + A^T) x", "2 A x"), encoding="utf-8")
    assert run(tmp_path, "Write the SARIF log", sarif="found.sarif").returncode == 0
    (found,) = json.loads((tmp_path / "found.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert found["ruleId"] == "DRV401"


def test_every_input_is_used_and_no_step_puts_one_into_its_text():
    used = json.dumps(ACTION["runs"])
    for name, row in ACTION["inputs"].items():
        assert f"inputs.{name}" in used
        assert row["description"]
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")  # what a caller writes is no program
