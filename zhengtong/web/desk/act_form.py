"""What the forms of all steps share, whatever they are taken on: a case, a card, an order, a letter, a bad rating."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise

CHINESE = "zh-Hans"  # what officers write for the file, whatever the language of the page


class ActForm(forms.Form):
    """`name` is the last part of the address; `seen` the version the page showed; `run` calls the flow of the step."""

    name: Any  # of the class, or told by its step
    title: ClassVar[Promise]
    button: ClassVar[Promise]
    hint: ClassVar[Promise | str] = ""
    ask: ClassVar[Promise | str] = ""  # asked once more before it is sent
    stop: ClassVar[bool] = False  # drawn in seal red
    uploads: ClassVar[bool] = False
    done: ClassVar[Any]
    run: Callable[..., Any]

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, version: int, initial: dict[str, Any] | None = None) -> None:
        super().__init__(
            data,
            auto_id=f"id_{self.name}_%s",
            initial={"seen": version, **(initial or {})},
            use_required_attribute=False,
        )

    def typed(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")


def text_field(
    label: Any, most: int = 2000, *, required: bool = True, rows: int = 3, hint: Any = ""
) -> forms.CharField:
    # The rules bound the length and refuse in their own words: a browser's limit would cut what was pasted.
    area = forms.Textarea(attrs={"rows": rows, "data-most": most, "lang": CHINESE})
    return forms.CharField(label=label, required=required, widget=area, strip=True, help_text=hint)


def line_field(label: Any, *, required: bool = True, hint: Any = "") -> forms.CharField:
    line = forms.TextInput(attrs={"lang": CHINESE})
    return forms.CharField(label=label, required=required, help_text=hint, widget=line)
