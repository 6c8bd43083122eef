"""Whole numbers as they come in addresses and forms, where anything may stand."""

MOST_DIGITS = 18  # what both databases hold


def whole(text: str | None) -> int | None:
    """The number, or None for anything that cannot be one of ours."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None
