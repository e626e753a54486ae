"""Claims on the border, each judged under the seeds 0 to 50: which verdict is not always the same.

python benchmarks/seeds.py [SEEDS]
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.verify.test_seeds import BORDERLINE, verdict


def main() -> None:
    seeds = range(int(sys.argv[1]) if len(sys.argv) > 1 else 51)
    changing = 0
    for text, lines, outcome in BORDERLINE:
        other = {seed: found for seed in seeds if (found := verdict(text, lines, seed)) != outcome}
        changing += bool(other)
        if other:
            print(f"{text} [{', '.join(lines)}] is {outcome}, but {other}")
    print(f"{len(BORDERLINE)} claims, {len(seeds)} seeds each: {changing} verdicts change")
    sys.exit(changing > 0)


if __name__ == "__main__":
    main()
