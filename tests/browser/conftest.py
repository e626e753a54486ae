"""One browser for all tests of the folder, begun when the first of them asks for it."""

import pytest

from tests.browser.sites import browser


@pytest.fixture(scope="package")
def chromium():
    with browser() as running:
        yield running
