"""Chinese data on an English page: said to be Chinese, so that a reader's voice and fonts follow."""

import re
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from zhengtong.web.frame.dates import in_english

_HAN = re.compile(r"[⺀-鿿　-〿豈-﫿＀-￯〔〕]")


def marked(value: Any) -> SafeString:
    """The text, inside `lang="zh-Hans"` if this page is English and the text is Chinese. A safe string stays as it is."""
    text = conditional_escape("" if value is None else value)
    if in_english() and _HAN.search(text):
        return format_html('<span lang="zh-Hans">{}</span>', text)
    return mark_safe(text)  # noqa: S308  (escaped one line above)


def typed_in_chinese(value: object) -> bool:
    """Whether a control on an English page holds Chinese and must say so, since no element can stand inside it."""
    return isinstance(value, str) and in_english() and _HAN.search(value) is not None


def either(chinese: Any, english: Any) -> SafeString:
    """The English text on an English page if there is one, else the marked Chinese one."""
    if in_english() and english:
        return conditional_escape(english)
    return marked(chinese)


def known(word: str) -> SafeString:
    """A word the catalogue of messages may translate (a festival, an article), else marked."""
    return marked(gettext(word) if word else "")
