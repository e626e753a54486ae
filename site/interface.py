"""The page on what `import mdderive` offers: each name with its signature and its docstring."""

import inspect
import re
from collections.abc import Iterator

import mdderive

HEAD = """# Python, every name

What `import mdderive` offers, as its source describes it. [Python](guide/api.md) shows it at work."""
MODULE = re.compile(r"\b(?:[a-z_]+\.)+(?=[A-Za-z_])")  # before a name of another module
DEFAULT = re.compile(r"Settings\([^()]*(?:\(\)[^()]*)*\)")
NAMED = re.compile(r"ForwardRef\('(\w+)'\)|'(Recent)'")


def interface_page() -> str:
    """Return the page; functions stand before classes."""
    names = sorted(mdderive.__all__, key=lambda name: (inspect.isclass(getattr(mdderive, name)), name))
    return "\n\n".join([HEAD, *(part for name in names for part in _entry(name))]) + "\n"


def _entry(name: str) -> Iterator[str]:
    """Yield heading, signature and docstring of a name, and what a class has besides its fields."""
    what = getattr(mdderive, name)
    yield f"## {name}"
    if not (inspect.isclass(what) and issubclass(what, Exception)):
        yield f"```python\n{name}{_signature(what)}\n```"
    yield inspect.getdoc(what) or ""
    if inspect.isclass(what):
        more = [(key, inspect.getdoc(member)) for key, member in vars(what).items() if _described(key, member)]
        if more:
            yield "\n".join(f"- `{key}`: {' '.join((said or '').split())}" for key, said in more)


def _described(key: str, member: object) -> bool:
    return not key.startswith("_") and (isinstance(member, property) or inspect.isfunction(member))


def _signature(what: object) -> str:
    """Return a signature, an argument a line where it is long."""
    signature = inspect.signature(what)  # type: ignore[arg-type]
    shown = [_short(str(part)) for part in signature.parameters.values()]
    only = [i for i, part in enumerate(signature.parameters.values()) if part.kind is inspect.Parameter.KEYWORD_ONLY]
    if only:
        shown.insert(only[0], "*")
    returned = signature.return_annotation
    behind = (
        ""
        if inspect.isclass(what) or returned is inspect.Signature.empty
        else f" -> {_short(inspect.formatannotation(returned))}"
    )
    inside = ", ".join(shown)
    lines = ",\n    ".join(shown)
    return f"({inside}){behind}" if len(inside) < 60 else f"(\n    {lines},\n){behind}"


def _short(text: str) -> str:
    """Return a part of a signature without the modules that its names come from."""
    text = DEFAULT.sub("Settings()", MODULE.sub("", text)).replace("<factory>", "{}")
    return NAMED.sub(lambda found: found[1] or found[2], text)
