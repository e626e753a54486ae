"""`[tool.mdderive]` of the nearest pyproject.toml to what a caller may choose.

A key or value that is not known is an error: a mistyped setting would otherwise be ignored without a word.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from mdderive.model.results import CHOICES, Settings
from mdderive.model.source import printable

DECLARE = "declare"


class ConfigError(Exception):
    """A configuration file that says something mdderive does not know."""


def configured(folder: Path) -> Settings:
    """Return the settings of the nearest pyproject.toml at or above a folder; raises `ConfigError`."""
    for place in (folder, *folder.parents):
        file = place / "pyproject.toml"
        if file.is_file():
            return _read(file)
    return Settings()


def chosen(settings: Settings, values: Mapping[str, object]) -> Settings:
    """Return settings with the values that are given (not None) put in."""
    return replace(settings, **{key: value for key, value in values.items() if value is not None})  # type: ignore[arg-type]


def _read(file: Path) -> Settings:
    name = printable(str(file))
    try:
        tool = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"{name}: {error}") from error
    table = tool.get("mdderive", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise ConfigError(f"{name}: [tool.mdderive] is not a table")
    for key, value in table.items():
        if key == DECLARE:
            if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
                raise ConfigError(f"{name}: {DECLARE} in [tool.mdderive] is a list of declarations")
            continue
        if key not in CHOICES:
            raise ConfigError(f"{name}: unknown key '{key}' in [tool.mdderive]; known are {', '.join([*CHOICES, DECLARE])}")
        if value not in CHOICES[key]:
            raise ConfigError(f"{name}: {key} = {value!r} in [tool.mdderive]; possible are {', '.join(CHOICES[key])}")
    return chosen(Settings(), {key: tuple(value) if key == DECLARE else value for key, value in table.items()})
