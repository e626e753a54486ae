"""What a site keeps of mdderive: scripts and styles beside its pages, KaTeX where they draw with it."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

HOME = "assets/mdderive"  # of a site


def copy(config: MkDocsConfig) -> None:
    """Put what the pages of a site load beside them."""
    target = Path(config.site_dir) / HOME
    listed = [str(name) for name in (*config.extra_css, *config.extra_javascript) if str(name).startswith(f"{HOME}/")]
    with as_file(files("mdderive") / "assets") as home:
        for name in (Path(name).name for name in listed):
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(home / name, target / name)
        if f"{HOME}/math.js" in listed:
            shutil.copyfile(home / "math.css", target / "math.css")
            shutil.copytree(home / "katex", target / "katex", dirs_exist_ok=True)
