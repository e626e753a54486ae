"""`mdderive cache`: what is kept of earlier runs, told or thrown away."""

import click

from mdderive.cache import place
from mdderive.cache.store import Store
from mdderive.cli.help import SpokenGroup, spoken
from mdderive.cli.running import language
from mdderive.model.source import printable
from mdderive.output.headings import counted


@click.group(cls=SpokenGroup)
@language
def cache() -> None:
    """Tell what is kept of earlier runs, or throw it away."""


@cache.command()
@language
def info() -> None:
    """Say where the cache is and how much it holds."""
    store = Store(place.folder())
    count, size = store.count()
    click.echo(f"{printable(store.path)}: {counted('kept', spoken(), count)}, {size / (1 << 20):.1f} MiB")


@cache.command()
@language
def clear() -> None:
    """Throw everything away that is kept."""
    store = Store(place.folder())
    count, _ = store.count()
    store.clear()
    click.echo(f"{printable(store.path)}: {counted('thrown away', spoken(), count)}")
