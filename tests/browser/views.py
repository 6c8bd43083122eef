"""In which languages and widths pages are walked that only have to look right."""

import os

import pytest

PHONE, DESK, NARROW = 390, 1280, 320
# Both languages and both widths in every run; `make axe` walks every pairing, and the narrowest screens.
PAIRED = [(PHONE, "zh"), (DESK, "en")]
EVERY = [*PAIRED, (DESK, "zh"), (PHONE, "en"), (NARROW, "zh"), (NARROW, "en")]


def each_view(test):
    """Runs a test for each (width, language), and marks it for `make axe`."""
    views = EVERY if os.environ.get("ZHENGTONG_EVERY_VIEW") else PAIRED
    return pytest.mark.views(pytest.mark.parametrize(("width", "language"), views)(test))
