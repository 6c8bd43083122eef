"""How a field is shown: the fields of a Django form, and those of an item's own form (`rules.form_shape.Field`).

Every control has an id that an error summary can link to, a hint and an error it is described by.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField, Form
from django.forms.widgets import CheckboxSelectMultiple, RadioSelect
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from zhengtong.rules.form_shape import Field
from zhengtong.rules.form_types import ID_KINDS
from zhengtong.web.frame.dates import in_english
from zhengtong.web.frame.language import either, typed_in_chinese

Words = Promise | str


@dataclass(frozen=True, slots=True)
class Shape:
    """A control: its template, and what its element says to keyboards, password managers and screen readers."""

    control: str = "input"
    input: str = "text"
    mode: str = ""
    autocomplete: str = ""
    unit: Words = ""
    hint: Words = ""
    short: bool = False
    code: bool = False  # no spelling help, capital letters


def _number(unit: Words = "", mode: str = "decimal") -> Shape:
    # type="number" would lose what it cannot read and turn with the mouse wheel; a text box keeps what was typed.
    return Shape(mode=mode, unit=unit, short=True)


SHAPES: Mapping[str, Shape] = {
    "text": Shape(),
    "textarea": Shape("textarea"),
    "integer": _number(mode="numeric"),
    "decimal": _number(),
    "money": _number(_("元")),
    "percentage": _number("%"),
    "area": _number(_("平方米")),
    "length": _number(_("米")),
    "weight": _number(_("吨")),
    "date": Shape(input="date", short=True),
    "month": Shape(input="month", short=True, hint=_("例如 2026-09")),
    "year": Shape(mode="numeric", short=True, hint=_("例如 2026")),
    "time": Shape(input="time", short=True),
    "date_range": Shape("parts", input="date"),
    "number_range": Shape("parts", mode="decimal"),
    "yes_no": Shape("yes_no"),
    "checkbox": Shape("checkbox"),
    "radio": Shape("radio"),
    "select": Shape("select"),
    "multiselect": Shape("multiselect"),
    "email": Shape(input="email", autocomplete="email"),
    "mobile": Shape(input="tel", autocomplete="tel", short=True, hint=_("11 位手机号")),
    "phone": Shape(input="tel", autocomplete="tel", short=True, hint=_("区号加号码，例如 0990-6210000")),
    "person_name": Shape(autocomplete="name"),
    "organisation_name": Shape(autocomplete="organization", hint=_("与营业执照上的名称一字不差")),
    "resident_id": Shape(code=True, hint=_("18 位，末位可能是 X")),
    "passport": Shape(code=True),
    "identity": Shape("parts"),
    "uscc": Shape(code=True, hint=_("18 位，在营业执照右上角")),
    "enterprise": Shape("parts"),
    "postal_code": Shape(mode="numeric", autocomplete="postal-code", short=True),
    "region": Shape("region"),
    "address": Shape("address"),
    "coordinates": Shape("parts", mode="decimal"),
    "bank_account": Shape("parts"),
    "url": Shape(input="url", autocomplete="url"),
    "certificate_no": Shape(code=True),
    "vehicle_plate": Shape(code=True, short=True),
    "vin": Shape(code=True, hint=_("17 位，在行驶证或前挡风玻璃左下角")),
    "project_code": Shape(code=True, hint=_("例如 2026-990102-51-01-000001")),
    "industry": Shape(code=True, short=True, hint=_("一个字母加数字，例如 F5211")),
    "statement": Shape("statement"),
}

PART_WORDS: Mapping[str, Mapping[str, Words]] = {
    "date_range": {"since": _("从"), "until": _("到")},
    "number_range": {"since": _("最少"), "until": _("最多")},
    "identity": {"kind": _("证件种类"), "number": _("证件号码")},
    "enterprise": {"uscc": _("统一社会信用代码"), "name": _("企业名称（登记簿里没有时填写）")},
    "coordinates": {"longitude": _("经度"), "latitude": _("纬度")},
    "bank_account": {"holder": _("户名"), "bank": _("开户银行"), "number": _("账号")},
}

ID_KIND_WORDS: Mapping[str, Words] = {
    "111": _("居民身份证"),
    "414": _("护照"),
    "511": _("台湾居民来往大陆通行证"),
    "999": _("其他证件"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    value: str
    label: str
    chosen: bool
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    id: str
    label: Words
    value: str
    choices: tuple[Choice, ...] = ()
    chinese: bool = False


def control_id(name: str) -> str:
    """The id of the control with this name; an error summary links to it."""
    return "id_" + name.replace(".", "-")


def field_context(bound: BoundField, hint: object = "") -> dict[str, Any]:
    widget = bound.field.widget
    input_type = getattr(widget, "input_type", "")
    grouped = isinstance(widget, (RadioSelect, CheckboxSelectMultiple))
    if not grouped and typed_in_chinese(bound.value()):
        widget.attrs["lang"] = "zh-Hans"
    return {
        "bound": bound,
        "hint": hint or bound.help_text,
        "grouped": grouped,
        "single_box": input_type == "checkbox" and not grouped,
        "hidden": bound.is_hidden,
    }


def answer_context(
    spec: Field, name: str, value: Any, error: object, prefilled: object, regions: Iterable[tuple[str, str]] = ()
) -> dict[str, Any]:
    shape = SHAPES[spec.type]
    id_ = control_id(name)
    hint = either(spec.hint, spec.hint_en) if spec.hint else shape.hint
    described = [f"{id_}-hint"] if hint else []
    if error:
        described.append(f"{id_}-error")
    return {
        "spec": spec,
        "shape": shape,
        "id": id_,
        "name": name,
        "value": "" if value is None else value,
        "label": either(spec.label, spec.label_en),
        "hint": hint,
        "error": error,
        "described": " ".join(described),
        "prefilled": prefilled,
        "chinese": typed_in_chinese(value if not isinstance(value, Mapping) else value.get("street")),
        "optional": not spec.required and shape.control not in {"statement", "checkbox"},
        "grouped": shape.control in {"parts", "yes_no", "radio", "multiselect", "address"},
        "choices": _choices(spec, id_, value),
        "parts": _parts(spec, name, value),
        "regions": _regions(regions, id_, _region_of(value)),
        "street": value.get("street", "") if isinstance(value, Mapping) else value or "",
        "is_yes": _is(value, {"yes", "true", "on", "1"}),
        "is_no": _is(value, {"no", "false", "off", "0"}),
        "lowest": spec.min if isinstance(spec.min, str) and not spec.min.startswith("today") else "",
        "highest": spec.max if isinstance(spec.max, str) and not spec.max.startswith("today") else "",
    }


def _is(value: Any, words: set[str]) -> bool:
    return value is not None and str(value[-1] if isinstance(value, list) and value else value).lower() in words


def _choices(spec: Field, id_: str, value: Any) -> tuple[Choice, ...]:
    chosen = {str(one) for one in value} if isinstance(value, (list, tuple)) else {str(value)}
    english = in_english()
    return tuple(
        Choice(
            # An error links to the id of the whole field, so the first choice carries it.
            id=id_ if number == 0 else f"{id_}-{number}",
            value=option.value,
            label=option.label_en if english and option.label_en else option.label,
            chosen=option.value in chosen,
            lang="zh-Hans" if english and not option.label_en else "",
        )
        for number, option in enumerate(spec.options)
    )


def _parts(spec: Field, name: str, value: Any) -> tuple[Part, ...]:
    words = PART_WORDS.get(spec.type, {})
    typed = value if isinstance(value, Mapping) else {}
    parts = []
    for number, (part, label) in enumerate(words.items()):
        id_ = control_id(name) if number == 0 else control_id(f"{name}.{part}")
        now = str(typed.get(part) or "")
        choices: tuple[Choice, ...] = ()
        if spec.type == "identity" and part == "kind":
            choices = tuple(Choice("", kind, str(ID_KIND_WORDS[kind]), kind == (now or "111")) for kind in ID_KINDS)
        parts.append(Part(f"{name}.{part}", id_, label, now, choices, typed_in_chinese(now)))
    return tuple(parts)


def _region_of(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("county") or value.get("region") or "")
    return str(value or "")


def _regions(regions: Iterable[tuple[str, str]], id_: str, now: str) -> tuple[Choice, ...]:
    lang = "zh-Hans" if in_english() else ""
    return tuple(Choice(id_, code, name, code == now, lang) for code, name in regions)


def summary_lines(errors: Form | Mapping[str, Any] | Iterable[tuple[str, Any]] | None) -> list[tuple[str, Any]]:
    """Pairs (id of the control, sentence). What is no field's fault links to nothing."""
    if errors is None:
        return []
    if isinstance(errors, Form):
        lines: list[tuple[str, Any]] = []
        for name, sentences in errors.errors.items():
            id_ = "" if name == "__all__" else _first_control(errors[name])
            label = "" if name == "__all__" else errors[name].label
            lines += [(id_, _named(label, sentence)) for sentence in sentences]
        return lines
    pairs = errors.items() if isinstance(errors, Mapping) else errors
    return [(control_id(name) if name else "", sentence) for name, sentence in pairs]


def _named(label: Any, sentence: Any) -> SafeString:
    """Which field it is: "this field is required" three times over helps nobody."""
    if not label:
        return conditional_escape(sentence)
    if str(label).endswith(("?", "？")):  # a question has its mark already
        return format_html("{} {}" if in_english() else "{}{}", label, sentence)
    return format_html("{}: {}" if in_english() else "{}：{}", label, sentence)


def _first_control(bound: BoundField) -> str:
    if isinstance(bound.field.widget, (RadioSelect, CheckboxSelectMultiple)):
        return f"{bound.auto_id}_0"
    return str(bound.id_for_label or bound.auto_id)
