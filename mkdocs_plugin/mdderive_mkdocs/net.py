"""A net for derive blocks that reach a page behind its own text: from snippets, macros, programs of the page, notebooks.

The text of a page is looked at once more when Python-Markdown begins to convert it, behind whatever puts text together and
before anything takes the fences. What is converted without that look and has fences of its own is caught by superfences; what
is made without Python-Markdown at all is looked through in the file of the page.
"""

import json
from collections.abc import Callable, Iterator

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from mkdocs.config.defaults import MkDocsConfig

import mdderive

FENCE = "derive"
SUPERFENCES = "pymdownx.superfences"
BUNDLE = "pymdownx.extra"  # holds superfences, with its options below the name
LAST = -10  # behind everything that changes a page
PRIORITY = 31.5  # behind snippets (32), before whatever reads fences (31.05)


class Net(Extension):
    """Hands the text of every conversion to `read` and goes on with what that returns; the page that is made of it, to `put`."""

    def __init__(self, read: Callable[[str], str], put: Callable[[str], str]) -> None:
        super().__init__()
        self.read = read
        self.put = put

    def extendMarkdown(self, md: Markdown) -> None:
        """Take the place in a converter."""
        md.registerExtension(self)
        md.preprocessors.register(_Reader(md, self.read), "mdderive", PRIORITY)
        md.postprocessors.register(_Writer(md, self.put), "mdderive", LAST)

    def __deepcopy__(self, _memo: object) -> "Net":
        return self  # a copied configuration reports to the same plugin


class _Reader(Preprocessor):
    def __init__(self, md: Markdown, read: Callable[[str], str]) -> None:
        super().__init__(md)
        self.read = read

    def run(self, lines: list[str]) -> list[str]:
        return self.read("\n".join(lines)).split("\n")


class _Writer(Postprocessor):
    def __init__(self, md: Markdown, put: Callable[[str], str]) -> None:
        super().__init__(md)
        self.put = put

    def run(self, text: str) -> str:
        return self.put(text)


def stretch(config: MkDocsConfig, net: Net, caught: Callable[[str], str]) -> None:
    """Put the net into a configuration, once; `caught` gets the body of each derive fence that superfences meets."""
    extensions: list[object] = config.markdown_extensions  # type: ignore[assignment]
    if not any(isinstance(extension, Net) for extension in extensions):
        extensions.append(net)
    for options in _superfences(config):
        fences = options.setdefault("custom_fences", [])
        if not any(fence.get("name") == FENCE for fence in fences):
            fences.append({"name": FENCE, "class": FENCE, "validator": _any, "format": lambda body, *_, **__: caught(body)})


def _superfences(config: MkDocsConfig) -> Iterator[dict[str, list[dict[str, object]]]]:
    names = [name for name in config.markdown_extensions if isinstance(name, str)]
    configs = config.mdx_configs
    if SUPERFENCES in names:
        yield configs.setdefault(SUPERFENCES, {})
    if BUNDLE in names:
        yield configs.setdefault(BUNDLE, {}).setdefault(SUPERFENCES, {})


def _any(_language: str, inputs: dict[str, str], options: dict[str, str], *_: object) -> bool:
    options.update(inputs)
    return True


def hidden_openings(text: str) -> Iterator[int]:
    """Yield where derive blocks open in a file that is no Markdown: a notebook, or a program with text in its comments."""
    try:
        told = [*_strings(json.loads(text))]
    except (ValueError, RecursionError):
        told = ["\n".join(line.lstrip("# \t") if line.lstrip().startswith("#") else line for line in text.split("\n"))]
    at = 0
    for part in told:
        for line in filter(_opens, map(str.strip, part.splitlines())):
            found = max(text.find(line, at), text.find(json.dumps(line, ensure_ascii=False)[1:-1], at))
            at = max(at, found)
            yield at


def _opens(line: str) -> bool:
    """Tell whether a line by itself opens a derive block, or looks so."""
    document = mdderive.check(line)
    return bool(document.blocks or document.findings)


def _strings(value: object) -> Iterator[str]:
    """Yield the texts of a JSON value; a list of texts is one text in lines."""
    match value:
        case str():
            yield value
        case list() if value and all(isinstance(item, str) for item in value):
            yield "".join(value)
        case list():
            for item in value:
                yield from _strings(item)
        case dict():
            for item in value.values():
                yield from _strings(item)
