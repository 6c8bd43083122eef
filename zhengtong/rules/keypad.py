"""How letters and digits are keyed on a telephone (ITU-T E.161). Refuses to know what is being keyed."""

from zhengtong.rules.numbers import CASE_NO_LENGTH, is_case_no, mod37_36

_KEYS = {"2": "ABC", "3": "DEF", "4": "GHI", "5": "JKL", "6": "MNO", "7": "PQRS", "8": "TUV", "9": "WXYZ"}
_KEY_OF = {letter: key for key, letters in _KEYS.items() for letter in letters}


def keyed(text: str) -> str:
    """`A7K2` is keyed 2752. Anything without a key is left out."""
    return "".join(c if c.isdigit() and c.isascii() else _KEY_OF.get(c, "") for c in text.upper())


def case_no_of_keys(keys: str) -> str:
    """The case number that somebody keyed, or "" for none: all of it, or all but its check character.

    The check character may be a letter; it follows from the rest and is only compared where it was keyed.
    """
    body, rest = keys[: CASE_NO_LENGTH - 1], keys[CASE_NO_LENGTH - 1 :]
    if len(body) < CASE_NO_LENGTH - 1 or len(rest) > 1 or not (keys.isascii() and keys.isdigit()):
        return ""
    number = body + mod37_36(body)
    if not is_case_no(number) or (rest and keyed(number[-1]) != rest):
        return ""
    return number
