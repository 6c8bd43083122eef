"""How personal data is shown to who need not see it. Refuses to know who may: lists are always masked."""


def mask_resident_id(value: str) -> str:
    """Region and last four: `110105********002X`."""
    return _masked(value, 6, 4)


def mask_mobile(value: str) -> str:
    """`138****5678`."""
    return _masked(value, 3, 4)


def mask_name(value: str) -> str:
    """First character of each word: `张*`, `欧**`, `J*** S****`; nobody is told apart from a namesake."""
    return " ".join(_masked(word, 1, 0) for word in value.split())


def _masked(value: str, head: int, tail: int) -> str:
    if len(value) <= head + tail:  # too short to hide anything between: hide it all
        return "*" * len(value)
    return value[:head] + "*" * (len(value) - head - tail) + value[len(value) - tail :]
