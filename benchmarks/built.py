"""What an unchanged MkDocs site costs in a new process, beside the same site of pages that were expanded before.

`python benchmarks/built.py [PAGES] [BLOCKS]` prints a table: 200 pages with 5 blocks each where nothing is said.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from unchanged import cpu, installed

import mdderive

TIMES = 5
BLOCK = """## Part {n}

Some words about $x_{{{n}}}$.

```derive
X: m x n, w: n, y: m
f = \\|X w - y\\|^2 + {n} w^T w
\\frac{{\\partial f}}{{\\partial w}} = ?
```

"""
PLUGIN = "plugins:\n  - mdderive: {{render: {}}}\n"
WITHOUT = "plugins: []\nmarkdown_extensions:\n  - pymdownx.arithmatex: {generic: true}\n"


def site(folder: Path, pages: list[str], options: str) -> list[str]:
    (folder / "docs").mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(f"site_name: Site\nsite_dir: public\n{options}", encoding="utf-8")
    for number, text in enumerate(pages):
        (folder / "docs" / f"p{number}.md").write_text(text, encoding="utf-8")
    return [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(folder / "mkdocs.yml")]


def table(count: int = 200, blocks: int = 5) -> Iterator[str]:
    """Yield the lines of a table: builds of sites, and what each is of the build of its expanded pages."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        installed(home)
        parts = [BLOCK.format(n=3 + n) for n in range(count * blocks)]
        pages = ["".join([f"# Page {n}\n\n", *parts[n * blocks : (n + 1) * blocks]]) for n in range(count)]
        documents = [mdderive.check(page) for page in pages]
        yield f"| {count} pages with {count * blocks:,} blocks, built in a new process | CPU, ms | of the expanded pages |"
        yield "|---|---|---|"
        for render in ("html", "markdown"):
            expanded = [mdderive.convert(document, render) for document in documents]
            floor = cpu(site(home / f"{render} expanded", expanded, WITHOUT), TIMES)
            build = site(home / render, pages, PLUGIN.format(render))
            subprocess.run(build, check=True)
            spent = cpu(build, TIMES)
            yield f"| as {render}, expanded before | {floor:.0f} | 1 |"
            yield f"| as {render}, unchanged | {spent:.0f} | {spent / floor:.2f} |"


if __name__ == "__main__":
    for line in table(*map(int, sys.argv[1:])):
        print(line, flush=True)
