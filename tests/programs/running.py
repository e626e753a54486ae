"""Programs that mdderive prints, run in a process of their own."""

import json
import subprocess
import sys
from fractions import Fraction

from mdderive.model.expr import Expr, make, num
from mdderive.model.functions import FUNCTIONS

RUNNER = r"""
import contextlib, io, json, sys, warnings
warnings.simplefilter("ignore")
out = []
for text, wanted in json.load(sys.stdin):
    scope = {}
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(text, scope)
        import numpy as np
        out.append([np.asarray(scope[name], float).tolist() for name in wanted])
    except Exception as error:
        out.append(f"{type(error).__name__}: {error}")
print(json.dumps(out))
"""


def run(programs, python=RUNNER):
    """Return, for each pair of a program and the names wanted of it, their values as lists, or the error as text."""
    programs = list(programs)
    done = subprocess.run([sys.executable, "-c", python], input=json.dumps(programs), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def within(name: str, letter: Expr) -> Expr:
    """Return a multiple of a letter with values between 0.2 and 1.5 that is where a function is defined."""
    low, high = FUNCTIONS[name].domain
    if high is not None:
        return make("mul", num(Fraction(1, 2)), letter)
    return make("mul", num(10), letter) if low else letter
