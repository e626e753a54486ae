"""`mdderive lsp`: notes checked in an editor, each as the project says that its file lies in.

What serves an editor is registered as an entry point of `mdderive.editors`, under the name of its command.
"""

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

from mdderive.cli.config import ConfigError, configured
from mdderive.model.results import Settings

GROUP = "mdderive.editors"
TermsOf = Callable[[str], tuple[Settings, Callable[[str], bool], str]]


def terms(path: str) -> tuple[Settings, Callable[[str], bool], str]:
    """Return how a file is checked: its settings, what is not told of it, why its project is not read.

    Where the project cannot be read, a file is checked as without one.
    """
    try:
        project = configured(Path(path).absolute().parent)
    except ConfigError as error:
        return Settings(), lambda code: False, str(error)
    return project.settings, lambda code: project.ignores(path, code), ""


def server(command: str) -> Callable[[TermsOf], None]:
    """Return what answers an editor until it ends; raises `ModuleNotFoundError` where it, or what it needs, is not installed."""
    for registered in entry_points(group=GROUP, name=command):
        found: Callable[[TermsOf], None] = registered.load()
        return found
    raise ModuleNotFoundError(f"nothing is registered as {command} in {GROUP}")
