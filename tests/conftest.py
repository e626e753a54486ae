"""The tests have a cache of their own, thrown away behind them."""

import os
import tempfile

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_cache():
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MDDERIVE_CACHE"] = folder
        yield
        del os.environ["MDDERIVE_CACHE"]
