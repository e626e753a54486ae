"""A first note, and a site around it, for who begins."""

from collections.abc import Mapping
from pathlib import Path

from mdderive.model.diagnostics import Language

NOTE: Mapping[Language, str] = {
    "en": r"""# A first note

Least squares, with the weights $w$ as the unknown. The block below is derived
and verified whenever this note is checked or built:

```derive
X: m x n,  w: n,  y: m
f = \|X w - y\|^2
\frac{\partial f}{\partial w} = ?
```

State a result yourself, and it is judged. Change the 2 into a 3 and see what is said:

```derive
A: n x n, symmetric,  x: n
g = x^T A x
\frac{\partial g}{\partial x} = 2 A x
```
""",
    "zh": r"""# 第一篇笔记

最小二乘，未知量是权重 $w$。检查或构建这篇笔记时，下面的块都会被推导并验证：

```derive
X: m x n,  w: n,  y: m
f = \|X w - y\|^2
\frac{\partial f}{\partial w} = ?
```

也可以自己写出结果，它会得到判定。把 2 改成 3，看看会怎样：

```derive
A: n x n, symmetric,  x: n
g = x^T A x
\frac{\partial g}{\partial x} = 2 A x
```
""",
}
SITE: Mapping[Language, str] = {
    "en": "site_name: Notes\nplugins:\n  - search\n  - mdderive\n",
    "zh": "site_name: 笔记\nplugins:\n  - search\n  - mdderive:\n      lang: zh\n",
}


def files(folder: Path, lang: Language, *, site: bool) -> Mapping[Path, str]:
    """Return the files of a beginning, each with its text: a note, and with `site` what MkDocs needs to build it."""
    if site:
        return {folder / "mkdocs.yml": SITE[lang], folder / "docs" / "index.md": NOTE[lang]}
    return {folder / "first.md": NOTE[lang]}


def next_step(folder: Path, *, site: bool) -> str:
    """Return the command to go on with."""
    return f"mkdocs serve -f {folder / 'mkdocs.yml'}" if site else f"mdderive check {folder / 'first.md'}"
