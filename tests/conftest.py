"""All tests together run in as many processes as there are cores, each with a cache of its own, thrown away behind it."""

import os
import tempfile

import pytest

MOST = 4  # processes: each of those that open a browser takes half a gigabyte


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Divide the files among processes where all are to be tried; what is asked for by name stays where it can be watched."""
    everything = config.args_source is config.ArgsSource.TESTPATHS
    if hasattr(config, "workerinput"):
        return  # one of the processes: what divides again never ends
    if everything and config.pluginmanager.hasplugin("xdist") and config.option.numprocesses is None:
        config.option.numprocesses, config.option.dist = min(os.cpu_count() or 1, MOST), "loadfile"


@pytest.fixture(scope="session", autouse=True)
def _own_cache():
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MDDERIVE_CACHE"] = folder
        yield
        del os.environ["MDDERIVE_CACHE"]
