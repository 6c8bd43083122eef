from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from zhengtong.rules.refusal import Refusal


def sentence(refusal: Refusal) -> str:
    """What a refusal says to people, in the active language.

    The sentences stand at the web's door, which in turn offers our imports on a page: the settings join the two, so
    that neither door leans on the other.
    """
    return cast("str", import_string(settings.REFUSAL_SENTENCE)(refusal))
