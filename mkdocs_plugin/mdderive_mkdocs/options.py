"""What a site may choose: the options of the plugin in `mkdocs.yml`."""

from mkdocs.config import config_options as c
from mkdocs.config.base import Config, ValidationError

from mdderive import Settings


class Setting(c.OptionallyRequired[str]):
    """What mdderive lets a caller choose."""

    def __init__(self, name: str) -> None:
        super().__init__(default=getattr(Settings(), name))
        self.name = name

    def run_validation(self, value: object) -> str:
        """Return the choice; raises `ValidationError` for any other value."""
        try:
            Settings(**{self.name: value})  # type: ignore[arg-type]
        except (TypeError, ValueError) as error:
            raise ValidationError(str(error)) from error
        return str(value)


class Level(c.Choice[str]):
    """A choice in which YAML's reading of a bare `off` as False is what the author wrote."""

    def run_validation(self, value: object) -> str:
        """Return the choice; raises `ValidationError` for any other value."""
        return super().run_validation("off" if value is False else value)


class MdderiveConfig(Config):
    """Options of the plugin."""

    layout = Setting("layout")
    lang = c.Choice(("auto", "en", "zh"), default="auto")
    steps = Setting("steps")
    equations = Level(("off", "warn", "fail"), default="off")
    undecided = c.Choice(("warn", "fail"), default="warn")
    math = Level(("auto", "off"), default="auto")
    render = c.Choice(("html", "markdown"), default="html")
    result = Setting("result")
    cache: c.Type[bool | str] = c.Type((bool, str), default=True)
