"""Who reads the pages of supervision, and whose figures."""

from zhengtong.base.permission import Acting
from zhengtong.rules.roles import Ability

SEE, READ = Ability.SEE_ALL, Ability.READ_REPORTS


def own_organs(by: Acting) -> set[int] | None:
    """Whose figures this person reads; None: everybody's."""
    return None if by.can(SEE) or by.everywhere(READ) else by.organs(READ)
