"""`[tool.mdderive]` of the nearest pyproject.toml to what a caller may choose.

A key or value that is not known is an error: a mistyped setting would otherwise be ignored without a word.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mdderive.model.catalogue import CATALOG
from mdderive.model.results import CHOICES, Settings
from mdderive.model.source import printable

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

FILE = "pyproject.toml"


class ConfigError(Exception):
    """A configuration file that says something mdderive does not know."""


@dataclass(frozen=True, slots=True)
class Project:
    """What a pyproject.toml says: settings, the `form` of reports, and what files of the project are spared.

    `exclude` are patterns, as in a .gitignore file of `folder`, of files that a walk leaves out; `ignored` are the codes that
    findings in the files of a pattern may not have.
    """

    folder: Path = Path()
    settings: Settings = field(default_factory=Settings)
    form: str = "full"
    exclude: tuple[str, ...] = ()
    ignored: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def excludes(self, path: str) -> bool:
        """Whether a walk leaves a file out."""
        return _matches(self.exclude, self._inside(path))

    def ignores(self, path: str, code: str) -> bool:
        """Whether a finding with a code is not told of a file."""
        return any(code in codes and _matches((pattern,), self._inside(path)) for pattern, codes in self.ignored.items())

    def _inside(self, path: str) -> str:
        """Return a path as seen from the folder of the project; one outside of it matches no pattern."""
        seen = os.path.relpath(path, self.folder).replace(os.sep, "/")
        return "" if seen.startswith("../") else seen


def _matches(patterns: tuple[str, ...], path: str) -> bool:
    return bool(patterns and path) and _spec(patterns).match_file(path)


@cache
def _spec(patterns: tuple[str, ...]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


def configured(folder: Path | None = None) -> Project:
    """Return what the nearest pyproject.toml at or above a folder, by default where we are, says; raises `ConfigError`."""
    folder = folder or Path.cwd()
    for place in (folder, *folder.parents):
        if (file := place / FILE).is_file():
            return _read(file)
    return Project(folder)


def chosen(settings: Settings, values: Mapping[str, object]) -> Settings:
    """Return settings with the values that are given (not None) put in."""
    return replace(settings, **{key: value for key, value in values.items() if value is not None})  # type: ignore[arg-type]


def _read(file: Path) -> Project:
    import tomllib

    name = printable(str(file))
    try:
        tool = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"{name}: {error}") from error
    table = tool.get("mdderive", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise ConfigError(f"{name}: [tool.mdderive] is not a table")
    for key, value in table.items():
        if key not in KEYS:
            raise ConfigError(f"{name}: unknown key '{key}' in [tool.mdderive]; known are {', '.join(KEYS)}")
        if wanted := KEYS[key](value):
            raise ConfigError(f"{name}: {key} = {value!r} in [tool.mdderive]; {wanted}")
    settings = {key: tuple(value) if key == "declare" else value for key, value in table.items() if key in _SETTINGS}
    return Project(
        file.parent,
        chosen(Settings(), settings),
        table.get("format", "full"),
        tuple(table.get("exclude", ())),
        {pattern: tuple(codes) for pattern, codes in table.get("per-file-ignores", {}).items()},
    )


def _one_of(choices: Sequence[str]) -> Callable[[object], str]:
    return lambda value: "" if value in choices else f"possible are {', '.join(choices)}"


def _form(value: object) -> str:
    from mdderive.output.reports import FORMATS

    return _one_of([*FORMATS])(value)


def _truth(value: object) -> str:
    return "" if isinstance(value, bool) else "possible are true, false"


def _texts(value: object) -> str:
    return "" if isinstance(value, list) and all(isinstance(line, str) for line in value) else "write a list of texts"


def _codes(value: object) -> str:
    """Return what is wrong with a table of patterns and the codes that are not told there."""
    if not isinstance(value, dict) or any(map(_texts, value.values())):
        return 'write a table such as {"old/*.md" = ["DRV402"]}'
    unknown = [code for codes in value.values() for code in codes if code not in CATALOG]
    return f"{unknown[0]} is no code: `mdderive explain {unknown[0]}` names those that are near" if unknown else ""


_SETTINGS = (*CHOICES, "equations", "declare")
# Every key, with what says of a value that cannot be meant what to write.
KEYS: Mapping[str, Callable[[object], str]] = {
    **{name: _one_of(choices) for name, choices in CHOICES.items()},
    "equations": _truth,
    "declare": _texts,
    "format": _form,
    "exclude": _texts,
    "per-file-ignores": _codes,
}
