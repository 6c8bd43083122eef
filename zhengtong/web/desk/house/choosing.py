"""Fields these pages share: names from the data, in the page's language or said to be Chinese; and days."""

from typing import Any

from django import forms

from zhengtong.web.frame.dates import in_english
from zhengtong.web.frame.language import typed_in_chinese


class NameSelect(forms.Select):
    """A list of names from the data; nothing can stand inside an option, so the option itself says its language."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        if typed_in_chinese(str(option["label"])):
            option["attrs"]["lang"] = "zh-Hans"
        return option


def name_of(row: Any) -> str:
    """The name of an organ, section or item in the page's language, as far as it has one."""
    return str(getattr(row, "name_en", "") or row.name) if in_english() else str(row.name)


def day_field(label: Any, *, required: bool = True, hint: Any = "") -> forms.DateField:
    """A day as the browser's own control wants it, whatever the language of the page."""
    widget = forms.DateInput({"type": "date", "class": "short"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, required=required, help_text=hint)
