"""Whether an identifier can be real: its form and its check characters. Refuses to know whether its holder exists.

Every `check_x` takes what a person typed (full-width letters, blanks, lower case) and gives back the plain code or
refuses; `is_x` says the same as yes or no. Facts of a refusal never hold the personal number itself.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from zhengtong.rules.refusal import Refusal, RefusalCode

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100—2015: without I, O, S, V, Z
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

# First two digits of GB/T 2260; 83 is the residence permit of Taiwan residents. 99 is no province: the fictional
# city lives there, so that no invented person can carry a real number.
_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91|99")
_RESIDENT_FORM = re.compile(r"[0-9]{17}[0-9X]")
_MOBILE_FORM = re.compile(r"1[3-9][0-9]{9}")
_IMPL_FORM = re.compile(r"[0-9A-Z]{18}[1-7][0-9A-Z]{12}")


def check_uscc(value: str) -> str:
    """统一社会信用代码 (GB 32100—2015): 18 characters, the last one a check of the others.

    The inner check of positions 9–17 (GB 11714) is not asked for: a holder cannot mend what a registrar issued.
    """
    code = _plain(value)
    if len(code) != 18:
        raise Refusal(RefusalCode.CODE_USCC_LENGTH, length=len(code))
    for position, character in enumerate(code, start=1):
        if character not in _VALUES or (3 <= position <= 8 and not character.isdigit()):
            raise Refusal(RefusalCode.CODE_USCC_CHARACTER, character=character, position=position)
    if uscc_check_character(code[:17]) != code[17]:
        raise Refusal(RefusalCode.CODE_USCC_CHECK)
    return code


def uscc_check_character(first_17: str) -> str:
    total = sum(_VALUES[character] * weight for character, weight in zip(first_17, _USCC_WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def organisation_check_character(first_8: str) -> str:
    """Of a 组织机构代码 (GB 11714), which stands at positions 9–17 of the 统一社会信用代码."""
    total = sum(int(character, 36) * weight for character, weight in zip(first_8, _ORGANISATION_WEIGHTS, strict=True))
    return "0X987654321"[total % 11]


def check_resident_id(value: str, *, on: date | None = None) -> str:
    """公民身份号码 (GB 11643—1999): 18 characters; given a day `on`, nobody is born after it."""
    code = _plain(value)
    if not _RESIDENT_FORM.fullmatch(code):
        raise Refusal(RefusalCode.CODE_RESIDENT_ID_FORM)
    if not _PROVINCE.fullmatch(code[:2]):
        raise Refusal(RefusalCode.CODE_RESIDENT_ID_REGION, region=code[:2])
    born = _birth_date(code)
    if born is None or born.year < 1850 or (on is not None and born > on):
        raise Refusal(RefusalCode.CODE_RESIDENT_ID_BIRTH)
    if resident_id_check_character(code[:17]) != code[17]:
        raise Refusal(RefusalCode.CODE_RESIDENT_ID_CHECK)
    return code


def resident_id_check_character(first_17: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _RESIDENT_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def check_mobile(value: str) -> str:
    """A mainland mobile number: 11 digits, with or without +86, blanks and hyphens."""
    number = _plain(value).replace("-", "")
    number = re.sub(r"^(\+|00)86", "", number)
    if not _MOBILE_FORM.fullmatch(number):
        raise Refusal(RefusalCode.CODE_MOBILE_FORM)
    return number


def check_impl_code(value: str, item_type: str | None = None) -> str:
    """实施编码: 31 = 统一社会信用代码 of the organ (18) + 行使层级 (1) + 基本编码 (12, types at its places 3–4)."""
    code = _plain(value)
    if not _IMPL_FORM.fullmatch(code) or (item_type is not None and code[21:23] != item_type):
        raise Refusal(RefusalCode.CODE_IMPL_FORM, value=code[:40])
    check_uscc(code[:18])
    return code


def is_uscc(value: str) -> bool:
    return _passes(check_uscc, value)


def is_resident_id(value: str, *, on: date | None = None) -> bool:
    return _passes(lambda typed: check_resident_id(typed, on=on), value)


def _plain(value: str) -> str:
    """As printed on the certificate: half-width, upper case, no blanks."""
    if len(value) > 100:  # more than any identifier with blanks between its characters
        return value[:100]
    return "".join(unicodedata.normalize("NFKC", value).split()).upper()


def _birth_date(resident_id: str) -> date | None:
    try:
        return date(int(resident_id[6:10]), int(resident_id[10:12]), int(resident_id[12:14]))
    except ValueError:
        return None


def _passes(check: Callable[[str], str], value: str) -> bool:
    try:
        check(value)
    except Refusal:
        return False
    return True
