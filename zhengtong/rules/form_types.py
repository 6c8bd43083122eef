"""What a typed answer of each field type means, or why it cannot stand. Knows one field at a time, and no other answer.

`clean(field, raw)` gives back the value as it is kept: text, whole number, yes/no, list or a small group; amounts and
measures as decimal text, dates as ISO text, so that answers are JSON and hash the same everywhere.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from zhengtong.rules.codes import check_mobile, check_resident_id, check_uscc
from zhengtong.rules.form_shape import Field
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import clean_line, clean_text

Reader = Callable[[Field, Any, date | None], Any]

LINE = 200
TEXT = 4000
FIRST_DAY, LAST_DAY = date(1850, 1, 1), date(2200, 12, 31)
MOST_DIGITS = 15


def clean(field: Field, raw: Any, *, on: date | None = None) -> Any:
    """The value that is kept, None for nothing typed. `on` is the day that bounds like `today` mean.

    Raises Refusal with what to do. Whether an answer is needed at all is not asked here.
    """
    if blank(raw):
        return None
    value = TYPES[field.type](field, raw, on)
    return None if blank(value) else value  # the last of several posted values may be the empty one


def blank(raw: Any) -> bool:
    """Nothing typed: also a group of which every part is empty."""
    if raw is None:
        return True
    if isinstance(raw, str):
        return not raw.strip()
    if isinstance(raw, Mapping):
        return all(blank(part) for part in raw.values())
    if isinstance(raw, (list, tuple)):
        return all(blank(one) for one in raw)
    return False


# --- text -------------------------------------------------------------------------------------------------------


def _one(field: Field, raw: Any, most: int | None = None) -> str:
    """One line, whatever a browser sent."""
    if isinstance(raw, (list, tuple)):
        raw = raw[-1]
    if isinstance(raw, (Mapping, bytes)):
        raise Refusal(RefusalCode.FORM_CHOICE, field=field.code, value="")
    return clean_line(str(raw), most or field.max_length or LINE, field.code)


def _narrow(field: Field, raw: Any, most: int = LINE) -> str:
    """A code or a number as typed on any keyboard: full-width letters become plain ones, blanks go."""
    return "".join(unicodedata.normalize("NFKC", _one(field, raw, most)).split())


def _line(field: Field, raw: Any, on: date | None) -> str:
    return _one(field, raw)


def _several_lines(field: Field, raw: Any, on: date | None) -> str:
    return clean_text(str(raw), field.max_length or TEXT, field.code)


def _person_name(field: Field, raw: Any, on: date | None) -> str:
    """Names carry letters, a middle dot and blanks; digits are a slip of the field."""
    name = re.sub(r"[•･‧∙⋅]", "·", _one(field, raw, field.max_length or 100))
    if any(c.isdigit() for c in name) or not any(c.isalpha() for c in name):
        raise Refusal(RefusalCode.FORM_NAME, field=field.code)
    return " ".join(name.split())


def _organisation_name(field: Field, raw: Any, on: date | None) -> str:
    name = _one(field, raw)
    if not any(c.isalpha() for c in name):
        raise Refusal(RefusalCode.FORM_NAME, field=field.code)
    return name


def _pattern(pattern: str, code: RefusalCode, *, upper: bool = True) -> Reader:
    form = re.compile(pattern)

    def read(field: Field, raw: Any, on: date | None) -> str:
        value = _narrow(field, raw)
        value = value.upper() if upper else value
        if not form.fullmatch(value):
            raise Refusal(code, field=field.code)
        return value

    return read


# --- numbers ----------------------------------------------------------------------------------------------------


def _decimal(field: Field, raw: Any) -> Decimal:
    typed = re.sub(r"[,，¥￥$]", "", _narrow(field, raw, 60)).removesuffix("元").removesuffix("%")
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", typed, re.ASCII):
        raise Refusal(RefusalCode.FORM_NUMBER, field=field.code)
    if len(typed.split(".")[0].lstrip("+-0")) > MOST_DIGITS:
        raise Refusal(RefusalCode.FORM_TOO_LARGE, field=field.code, most=10**MOST_DIGITS)
    return Decimal(typed)


def _within(field: Field, value: Decimal, least: int | None = None, most: int | None = None) -> Decimal:
    low = Decimal(field.min) if field.min is not None else None if least is None else Decimal(least)
    high = Decimal(field.max) if field.max is not None else None if most is None else Decimal(most)
    if low is not None and value < low:
        raise Refusal(RefusalCode.FORM_TOO_SMALL, field=field.code, least=str(low))
    if high is not None and value > high:
        raise Refusal(RefusalCode.FORM_TOO_LARGE, field=field.code, most=str(high))
    return value


def _integer(field: Field, raw: Any, on: date | None) -> int:
    value = _decimal(field, raw)
    if value != value.to_integral_value():
        raise Refusal(RefusalCode.FORM_WHOLE_NUMBER, field=field.code)
    return int(_within(field, value))


def _measure(places: int, least: int | None = None, most: int | None = None) -> Reader:
    def read(field: Field, raw: Any, on: date | None) -> str:
        value = _decimal(field, raw)
        exponent = value.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > places:
            raise Refusal(RefusalCode.FORM_DECIMALS, field=field.code, most=places)
        return f"{_within(field, value, least, most):.{places}f}"

    return read


def _plain_decimal(field: Field, raw: Any, on: date | None) -> str:
    value = _within(field, _decimal(field, raw))
    if len(value.as_tuple().digits) > 30:
        raise Refusal(RefusalCode.FORM_DECIMALS, field=field.code, most=10)
    text = format(value.normalize(), "f")
    return "0" if Decimal(text) == 0 else text


# --- time -------------------------------------------------------------------------------------------------------

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})", re.ASCII)
_RELATIVE = re.compile(r"today(?:([+-])(\d{1,4}))?", re.ASCII)


def _day(field: Field, raw: Any) -> date:
    match = _DATE.fullmatch(_narrow(field, raw, 40))
    if match is None:
        raise Refusal(RefusalCode.FORM_DATE, field=field.code)
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        raise Refusal(RefusalCode.FORM_DATE, field=field.code) from None


def bound(value: int | str | None, on: date | None) -> date | None:
    """A date bound of a field: ISO, or relative to the day of answering; None where there is none to hold."""
    if not isinstance(value, str) or not value:
        return None
    if relative := _RELATIVE.fullmatch(value):
        if on is None:
            return None
        days = int(relative[2] or 0)
        return on + timedelta(days=-days if relative[1] == "-" else days)
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def is_day_bound(value: object) -> bool:
    return isinstance(value, str) and bound(value, FIRST_DAY) is not None


def _in_time(field: Field, value: date, on: date | None) -> date:
    least, most = bound(field.min, on) or FIRST_DAY, bound(field.max, on) or LAST_DAY
    if value < least:
        raise Refusal(RefusalCode.FORM_DATE_TOO_EARLY, field=field.code, least=least)
    if value > most:
        raise Refusal(RefusalCode.FORM_DATE_TOO_LATE, field=field.code, most=most)
    return value


def _date(field: Field, raw: Any, on: date | None) -> str:
    return _in_time(field, _day(field, raw), on).isoformat()


def _month(field: Field, raw: Any, on: date | None) -> str:
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})月?", _narrow(field, raw, 20), re.ASCII)
    if match is None or not 1 <= int(match[2]) <= 12 or int(match[1]) == 0:
        raise Refusal(RefusalCode.FORM_MONTH, field=field.code)
    _in_time(field, date(int(match[1]), int(match[2]), 1), on)
    return f"{match[1]}-{int(match[2]):02}"


def _year(field: Field, raw: Any, on: date | None) -> int:
    match = re.fullmatch(r"(\d{4})年?", _narrow(field, raw, 20), re.ASCII)
    if match is None:
        raise Refusal(RefusalCode.FORM_DATE, field=field.code)
    return int(_within(field, Decimal(match[1]), FIRST_DAY.year, LAST_DAY.year))


def _time(field: Field, raw: Any, on: date | None) -> str:
    match = re.fullmatch(r"(\d{1,2})[:：](\d{2})(?:[:：]00)?", _narrow(field, raw, 20), re.ASCII)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise Refusal(RefusalCode.FORM_TIME, field=field.code)
    return f"{int(match[1]):02}:{match[2]}"


def _date_range(field: Field, raw: Any, on: date | None) -> dict[str, str]:
    parts = _parts(field, raw, ("since", "until"))
    since, until = (_date(field, parts[name], on) for name in ("since", "until"))
    if until < since:
        raise Refusal(RefusalCode.FORM_RANGE_BACKWARDS, field=field.code, since=since, until=until)
    return {"since": since, "until": until}


def _number_range(field: Field, raw: Any, on: date | None) -> dict[str, str]:
    parts = _parts(field, raw, ("since", "until"))
    since, until = (_plain_decimal(field, parts[name], on) for name in ("since", "until"))
    if Decimal(until) < Decimal(since):
        raise Refusal(RefusalCode.FORM_RANGE_BACKWARDS, field=field.code, since=since, until=until)
    return {"since": since, "until": until}


# --- choices ----------------------------------------------------------------------------------------------------

_YES = {"yes", "true", "on", "1", "是"}
_NO = {"no", "false", "off", "0", "否"}


def _yes_no(field: Field, raw: Any, on: date | None) -> bool:
    typed = str(raw[-1] if isinstance(raw, (list, tuple)) else raw).strip().lower()
    if typed not in _YES | _NO:
        raise Refusal(RefusalCode.FORM_YES_NO, field=field.code)
    return typed in _YES


def _checkbox(field: Field, raw: Any, on: date | None) -> bool:
    """A statement to agree with: where it is required, "no" is no answer."""
    ticked = _yes_no(field, raw, on)
    if field.required and not ticked:
        raise Refusal(RefusalCode.FORM_MUST_AGREE, field=field.code)
    return ticked


def _select(field: Field, raw: Any, on: date | None) -> str:
    value = _one(field, raw, LINE)
    if all(option.value != value for option in field.options):
        raise Refusal(RefusalCode.FORM_CHOICE, field=field.code, value=value[:40])
    return value


def _multiselect(field: Field, raw: Any, on: date | None) -> list[str]:
    """In the order of the options, each once."""
    typed = raw if isinstance(raw, (list, tuple)) else [raw]
    chosen = {_select(field, one, on) for one in typed if not blank(one)}
    least, most = (int(v) if v is not None else None for v in (field.min, field.max))
    if least is not None and len(chosen) < least:
        raise Refusal(RefusalCode.FORM_TOO_SMALL, field=field.code, least=least)
    if most is not None and len(chosen) > most:
        raise Refusal(RefusalCode.FORM_TOO_LARGE, field=field.code, most=most)
    return [option.value for option in field.options if option.value in chosen]


# --- people, places, papers --------------------------------------------------------------------------------------

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_PHONE = re.compile(
    r"(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:[-转]\d{1,6})?|400-?\d{3}-?\d{4}|\+\d{1,3}-?\d{5,14}|1\d{4}", re.ASCII
)


def _email(field: Field, raw: Any, on: date | None) -> str:
    value = _narrow(field, raw, 254)
    if not _EMAIL.fullmatch(value) or ".." in value or value.startswith("."):
        raise Refusal(RefusalCode.FORM_EMAIL, field=field.code)
    return value


def _mobile(field: Field, raw: Any, on: date | None) -> str:
    return check_mobile(_one(field, raw))


def _phone(field: Field, raw: Any, on: date | None) -> str:
    """A fixed line, 400 number, short number or mobile."""
    value = _narrow(field, raw, 40).replace("—", "-").replace("(", "").replace(")", "-").replace("（", "")
    if re.fullmatch(r"(\+86-?)?1[3-9]\d{9}", value, re.ASCII):
        return check_mobile(value)
    if not _PHONE.fullmatch(value):
        raise Refusal(RefusalCode.FORM_PHONE, field=field.code)
    return value


def _uscc(field: Field, raw: Any, on: date | None) -> str:
    return check_uscc(_one(field, raw))


def _resident_id(field: Field, raw: Any, on: date | None) -> str:
    return check_resident_id(_one(field, raw), on=on)


_passport = _pattern(r"[A-Z0-9]{5,20}", RefusalCode.FORM_PASSPORT)

# GA/T 2000.156: 111 居民身份证, 414 护照, 511 台湾居民来往大陆通行证, 999 其他
ID_KINDS = ("111", "414", "511", "999")


def _identity(field: Field, raw: Any, on: date | None) -> dict[str, str]:
    """A paper of any kind: its kind and its number, checked as that kind."""
    parts = _parts(field, raw, ("kind", "number"))
    kind = str(parts["kind"])
    if kind not in ID_KINDS:
        raise Refusal(RefusalCode.FORM_CHOICE, field=field.code, value=kind[:40])
    read = _resident_id if kind == "111" else _passport
    return {"kind": kind, "number": read(field, parts["number"], on)}


def _parts(field: Field, raw: Any, names: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise Refusal(RefusalCode.FORM_PART_MISSING, field=field.code, part=names[-1])
    for name in names:
        if blank(raw.get(name)):
            raise Refusal(RefusalCode.FORM_PART_MISSING, field=field.code, part=name)
    return {name: raw[name][-1] if isinstance(raw[name], list) else raw[name] for name in names}


def _region(field: Field, raw: Any, on: date | None) -> str:
    """行政区划 code of six digits (township and village: twelve). Three lists or one: the deepest choice counts."""
    if isinstance(raw, Mapping):
        chosen = [raw.get(name) for name in ("county", "city", "province") if not blank(raw.get(name))]
        if blank(raw.get("county")) and not blank(raw.get("city") or raw.get("province")):
            raise Refusal(RefusalCode.FORM_PART_MISSING, field=field.code, part="county")
        raw = chosen[0] if chosen else ""
    value = _narrow(field, raw, 20)
    if not re.fullmatch(r"[1-9]\d{5}(\d{6})?", value, re.ASCII):
        raise Refusal(RefusalCode.FORM_REGION, field=field.code)
    return value


def _address(field: Field, raw: Any, on: date | None) -> dict[str, str]:
    """A region and the street below it; one line alone is taken as the street."""
    if not isinstance(raw, Mapping):
        return {"region": "", "street": _one(field, raw, 300)}
    parts = _parts(field, {"street": raw.get("street")}, ("street",))
    region = {name: raw.get(name) for name in ("province", "city", "county")}
    typed = raw.get("region") if blank(region) else region
    return {
        "region": "" if blank(typed) else _region(field, typed, on),
        "street": _one(field, parts["street"], 300),
    }


def _bank_account(field: Field, raw: Any, on: date | None) -> dict[str, str]:
    parts = _parts(field, raw, ("holder", "bank", "number"))
    number = _narrow(field, parts["number"], 60).replace("-", "")
    if not re.fullmatch(r"\d{8,32}", number, re.ASCII):
        raise Refusal(RefusalCode.FORM_BANK_ACCOUNT, field=field.code)
    return {"holder": _one(field, parts["holder"]), "bank": _one(field, parts["bank"]), "number": number}


def _enterprise(field: Field, raw: Any, on: date | None) -> dict[str, str]:
    """An enterprise by its code; the name comes from the register, or as typed where the register has none."""
    if not isinstance(raw, Mapping):
        return {"uscc": check_uscc(_one(field, raw)), "name": ""}
    parts = _parts(field, {"uscc": raw.get("uscc")}, ("uscc",))
    name = "" if blank(raw.get("name")) else _one(field, raw["name"])
    return {"uscc": check_uscc(_one(field, parts["uscc"])), "name": name}


def _url(field: Field, raw: Any, on: date | None) -> str:
    value = _narrow(field, raw, 1000)
    value = value if "://" in value else f"https://{value}"
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        raise Refusal(RefusalCode.FORM_URL, field=field.code) from None
    if parts.scheme not in ("http", "https") or "." not in host:
        raise Refusal(RefusalCode.FORM_URL, field=field.code)
    return value


def _coordinates(field: Field, raw: Any, on: date | None) -> dict[str, str]:
    """Longitude and latitude in degrees (CGCS2000), in two boxes or as `116.391,39.907`."""
    if not isinstance(raw, Mapping):
        longitude, _, latitude = _narrow(field, raw, 60).replace("，", ",").partition(",")
        raw = {"longitude": longitude, "latitude": latitude}
    parts = _parts(field, raw, ("longitude", "latitude"))
    if not all(re.fullmatch(r"-?\d{1,3}(\.\d{1,12})?", str(part).strip(), re.ASCII) for part in parts.values()):
        raise Refusal(RefusalCode.FORM_COORDINATES, field=field.code)
    values = {name: Decimal(str(part).strip()) for name, part in parts.items()}
    if not (abs(values["longitude"]) <= 180 and abs(values["latitude"]) <= 90):
        raise Refusal(RefusalCode.FORM_COORDINATES, field=field.code)
    return {name: f"{value:.6f}" for name, value in values.items()}


def _vin(field: Field, raw: Any, on: date | None) -> str:
    """GB 16735: 17 characters without I, O, Q; the ninth checks the others."""
    value = _narrow(field, raw, 40).upper()
    digits = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    if not re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", value):
        raise Refusal(RefusalCode.FORM_VIN, field=field.code)
    total = sum(int(digits.get(c, c)) * w for c, w in zip(value, weights, strict=True))
    if "0123456789X"[total % 11] != value[8]:
        raise Refusal(RefusalCode.FORM_VIN, field=field.code)
    return value


def _statement(field: Field, raw: Any, on: date | None) -> None:
    """Shown, never asked: what a browser sends for it is nobody's answer."""
    return


TYPES: dict[str, Reader] = {
    "text": _line,
    "textarea": _several_lines,
    "integer": _integer,
    "decimal": _plain_decimal,
    "money": _measure(2, least=0),
    "percentage": _measure(2, least=0, most=100),
    "area": _measure(2, least=0),  # square metres
    "length": _measure(2, least=0),  # metres
    "weight": _measure(3, least=0),  # tonnes
    "date": _date,
    "month": _month,
    "year": _year,
    "time": _time,
    "date_range": _date_range,
    "number_range": _number_range,
    "yes_no": _yes_no,
    "checkbox": _checkbox,
    "radio": _select,
    "select": _select,
    "multiselect": _multiselect,
    "email": _email,
    "mobile": _mobile,
    "phone": _phone,
    "person_name": _person_name,
    "organisation_name": _organisation_name,
    "resident_id": _resident_id,
    "passport": _passport,
    "identity": _identity,
    "uscc": _uscc,
    "enterprise": _enterprise,
    "postal_code": _pattern(r"[0-9]{6}", RefusalCode.FORM_POSTAL_CODE),
    "region": _region,
    "address": _address,
    "coordinates": _coordinates,
    "bank_account": _bank_account,
    "url": _url,
    "certificate_no": _pattern(r"[0-9A-Z一-鿿()（）〔〕\[\]\-/.]{2,60}", RefusalCode.FORM_CERTIFICATE_NO),
    "vehicle_plate": _pattern(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]",
        RefusalCode.FORM_PLATE,
    ),
    "vin": _vin,
    "project_code": _pattern(r"\d{4}-\d{6}-\d{2}-\d{2}-\d{6}", RefusalCode.FORM_PROJECT_CODE),  # 投资项目代码
    "industry": _pattern(r"[A-T]\d{0,4}", RefusalCode.FORM_INDUSTRY),  # GB/T 4754: A01, A0111
    "statement": _statement,
}
# Types whose `min` and `max` are numbers: of the value, or of the choices ticked.
BOUNDED = {
    "integer", "decimal", "money", "percentage", "area", "length", "weight", "year", "number_range", "multiselect",
}  # fmt: skip
CHOICES = {"radio", "select", "multiselect"}
# What the parts of a group are called in flat names: `section.0.field.part`.
PARTS: dict[str, tuple[str, ...]] = {
    "date_range": ("since", "until"),
    "number_range": ("since", "until"),
    "identity": ("kind", "number"),
    "enterprise": ("uscc", "name"),
    "region": ("province", "city", "county"),
    "address": ("province", "city", "county", "street"),
    "coordinates": ("longitude", "latitude"),
    "bank_account": ("holder", "bank", "number"),
}
