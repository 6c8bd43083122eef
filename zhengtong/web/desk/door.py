"""The officers' door: `@desk(Ability.TAKE_IN)` on a view. Inside, `request.acting` is the officer with today's posts.

Without abilities any officer may enter; a citizen never. Who lacks the ability reads which posts have it (403).
"""

from zhengtong.web.accounts.acting import ActingRequest, officer_door

desk = officer_door

__all__ = ["ActingRequest", "desk"]
