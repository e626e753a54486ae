"""What a page must pass before a program publishes it, by the options that every program offers.

`OPTIONS` holds their defaults. `layout`, `lang` and `steps` are those of `Settings`; `equations` judges the formulas outside of
blocks too (off, warn, fail), `undecided` says what an equation comes to that could not be decided (warn, fail).
"""

from collections.abc import Mapping
from dataclasses import replace

from mdderive import Document, Gate, Settings

OPTIONS: Mapping[str, str] = {"layout": "denominator", "lang": "en", "steps": "normal", "equations": "off", "undecided": "warn"}


def gate(options: Mapping[str, object]) -> Gate:
    """Return the gate that options ask for; raises `ValueError` for one that is unknown or cannot be meant."""
    unknown = [name for name in options if name not in OPTIONS]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no option: write one of {', '.join(OPTIONS)}")
    given = {**OPTIONS, **{name: "off" if value is False else value for name, value in options.items()}}
    layout, lang, steps, equations, undecided = (str(given[name]) for name in OPTIONS)
    settings = Settings(layout, steps, lang, equations=equations != "off")  # type: ignore[arg-type]  # it refuses other languages
    return Gate(settings, equations, undecided)


def below(document: Document, whole: str) -> Document:
    """Return a document with the places of a file that ends with its text, such as one whose front matter was taken off."""
    above = whole.removesuffix(document.source.text)
    return (
        replace(document, source=replace(document.source, line_offset=above.count("\n"))) if len(above) < len(whole) else document
    )
