"""A verdict depends on the text, its context and the seed: never on the order of sets, the process or the time."""

import json
import os
import subprocess
import sys

NOTE = r"""
```derive
X, Y: m x n; y: scalar; w: n
f = \mathbf{1}^T \operatorname{relu}(X w) + w^T w
\frac{\partial f}{\partial w} = X^T \operatorname{step}(X w) + w
\operatorname{tr}(X^T Y) = \operatorname{tr}(Y X^T)
\exp(\frac{1}{2} \log(y^2)) = y
\log(X \odot X) = 2 \log(X)
```
"""


def _report(hash_seed: str, *options: str) -> dict:
    command = [sys.executable, "-m", "mdderive", "check", "-", "--format", "json", *options]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    run = subprocess.run(command, input=NOTE, capture_output=True, text=True, env=environment, check=False)
    report = json.loads(run.stdout)
    for file in report["files"]:
        del file["ms"]
    return report


def test_two_processes_say_the_same_to_the_letter():
    first = _report("1")
    assert first == _report("2")
    assert first["summary"]["wrong"] == 2


def test_another_seed_draws_other_points_and_finds_the_same():
    ours, other = (_report("0", "--seed", seed) for seed in ("0", "7"))
    assert [e["outcome"] for e in ours["equations"]] == [e["outcome"] for e in other["equations"]]
