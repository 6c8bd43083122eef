"""What the registers already know, put into the first view of a form. The applicant may change every word of it."""

from collections.abc import Callable, Mapping
from typing import Any

from zhengtong.rules.form_shape import Section


def _legal_representative(enterprise: Any) -> str:
    return str(enterprise.legal_representative or "") if enterprise else ""


SOURCES: Mapping[str, Callable[[Any], Any]] = {
    "person.name": lambda a: a.person.name if a.person else "",
    "person.mobile": lambda a: a.contact_phone or (a.person.phone if a.person else ""),
    "person.phone": lambda a: a.contact_phone or (a.person.phone if a.person else ""),
    "person.id_number": lambda a: a.person.id_number if a.person else "",
    "enterprise.name": lambda a: a.enterprise.name if a.enterprise else "",
    "enterprise.uscc": lambda a: a.enterprise.uscc if a.enterprise else "",
    "enterprise.address": lambda a: a.enterprise.address if a.enterprise else "",
    "enterprise.registered_capital": lambda a: a.enterprise.capital if a.enterprise else "",
    "enterprise.legal_representative": lambda a: _legal_representative(a.enterprise),
}


def known(section: Section, application: Any) -> dict[str, Any]:
    """Field code → value, for the fields of a section that name a source with something in it."""
    values = {}
    for field in section.fields:
        source = SOURCES.get(field.prefill)
        value = source(application) if source else ""
        if value:
            values[field.code] = value
    return values
