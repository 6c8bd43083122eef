"""Which section handles what (分派规则). Rules are not cases: they bear on new cases only, and stand for themselves."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.cases.models import DispatchRule
from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.registry.models import Section
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability


def _check_may(by: Acting, organ_id: int) -> None:
    """Who keeps people rules everywhere; who dispatches, in their organ, or everywhere from the service centre."""
    by.check(Ability.KEEP_PEOPLE, Ability.DISPATCH)
    if by.can(Ability.KEEP_PEOPLE) or by.everywhere(Ability.DISPATCH) or organ_id in by.organs(Ability.DISPATCH):
        return
    raise Refusal(RefusalCode.PERMISSION_MISSING, needed=Ability.DISPATCH.value)


@transaction.atomic
def keep_rule(section: Section, item: Item | None, *, by: Acting, at: datetime) -> DispatchRule:
    """From now on the section handles the item; without an item, everything of its organ that no rule names."""
    _check_may(by, section.organ_id)
    if item is not None and item.organ_id != section.organ_id:
        raise Refusal(RefusalCode.RULE_OTHER_ORGAN, item_code=item.item_code)
    rule, _created = DispatchRule.objects.update_or_create(
        organ_id=section.organ_id, item=item, defaults={"section": section}
    )
    return rule


@transaction.atomic
def drop_rule(rule_id: int, *, by: Acting, at: datetime) -> None:
    """The organ's default section takes over, or, without one, any post of the organ."""
    rule = DispatchRule.objects.filter(pk=rule_id).first()
    if rule is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    _check_may(by, rule.organ_id)
    rule.delete()
