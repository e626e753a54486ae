"""A note that is right and one that is wrong, for the pages of every program, and how programs are run."""

import importlib.util
import os
import subprocess
import sys

import pytest

BLOCK = r"""```derive
a: m,  X: m x n,  b: n
f = a^T X b
\frac{\partial f}{\partial X} = a b^T
```
"""
STATED = "= a b^T"
RIGHT = f"# Right\n\n{BLOCK}"
WRONG = f"---\ntitle: A title\n---\n# Wrong\n\n{BLOCK}".replace(STATED, "= 2 a b^T")
PLACE = (9, 33)  # of what is wrong in WRONG


def needs(module):
    return pytest.mark.skipif(importlib.util.find_spec(module) is None, reason=f"{module} is not installed")


def run(folder, *command, timeout=120):
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=timeout, env=env)


def python(folder, *arguments, timeout=120):
    return run(folder, sys.executable, *arguments, timeout=timeout)


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
