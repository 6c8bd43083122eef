"""Steps between a right password and being signed in: the phone or the mail address must once have been verified."""

from allauth.account import stages
from allauth.core.exceptions import ImmediateHttpResponse, RateLimited
from allauth.core.ratelimit import respond_429
from django.http import HttpResponse

OFFICER = "officer"

Outcome = tuple[HttpResponse | None, bool]


class PhoneVerificationStage(stages.PhoneVerificationStage):
    def handle(self) -> Outcome:
        try:
            outcome: Outcome = super().handle()
        except RateLimited as limit:
            raise ImmediateHttpResponse(respond_429(self.request)) from limit
        return outcome


class EmailVerificationStage(stages.EmailVerificationStage):
    """Asks only whom it can tell apart no other way: officers were appointed, and a verified phone is enough."""

    def handle(self) -> Outcome:
        user = self.login.user
        if user is not None and (user.kind == OFFICER or user.phone_verified):
            return None, True
        outcome: Outcome = super().handle()
        return outcome
