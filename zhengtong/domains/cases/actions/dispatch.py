"""分派规则: to which section of its organ a new case goes."""

from zhengtong.domains.cases.models import DispatchRule
from zhengtong.rules.refusal import Refusal, RefusalCode


def dispatch_to(section_id: int, section_organ_id: int, *, organ_id: int, item_id: int | None = None) -> None:
    """New cases of the item go to this section; without an item, all that no rule of their own names."""
    if section_organ_id != organ_id:
        raise Refusal(RefusalCode.SECTION_OF_OTHER_ORGAN)
    DispatchRule.objects.update_or_create(organ_id=organ_id, item_id=item_id, defaults={"section_id": section_id})
