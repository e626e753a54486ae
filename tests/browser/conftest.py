"""One browser, and one copy of axe-core, for all tests of the folder, had when the first of them asks for it."""

import shutil
import subprocess
import tarfile

import pytest

from tests.browser.sites import browser


@pytest.fixture(scope="package")
def chromium():
    with browser() as running:
        yield running


@pytest.fixture(scope="package")
def axe(tmp_path_factory):
    if shutil.which("npm") is None:
        pytest.skip("axe-core needs npm")
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run(
        ["npm", "pack", "axe-core@4.14.1"], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    if done.returncode:
        pytest.skip("axe-core could not be had")
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        return archive.extractfile("package/axe.min.js").read().decode("utf-8")
