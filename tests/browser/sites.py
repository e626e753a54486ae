"""Sites that are built and served from this machine, and a browser that sees nothing else."""

import functools
import http.server
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ("--disable-gpu", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
DEFAULT = "site_name: S\nsite_dir: public\ntheme: {name: mkdocs, highlightjs: false}\nplugins: [search, mdderive]\n"
MATERIAL = """\
site_name: S
site_dir: public
site_url: http://127.0.0.1/
theme:
  name: material
  font: false
  features: [navigation.instant]
  palette:
    - {scheme: default, media: "(prefers-color-scheme: light)"}
    - {scheme: slate, media: "(prefers-color-scheme: dark)"}
plugins: [search, mdderive]
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server that does not write down what it is asked for."""

    def log_message(self, *_):
        pass


def free_port():
    """Return a port that nobody listens to, for a site that must know its address: instant navigation asks its map."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def served(folder, port=0):
    """Serve a folder and yield its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


def built(folder, config, pages):
    """Build a site and return where it stands."""
    for name, text in pages.items():
        path = folder / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return folder / "public"


@contextmanager
def browser():
    """Yield Debian's Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, "--no-sandbox"])
        try:
            yield chromium
        finally:
            chromium.close()
