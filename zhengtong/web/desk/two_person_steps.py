"""Steps that need two people: 作废 and 特办 are proposed by one and agreed to by another, who may also say no."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhengtong.base.permission import Acting
from zhengtong.domains.cases import queries as cases
from zhengtong.flows import special, void
from zhengtong.rules.clock import local_date
from zhengtong.web.desk.act_form import text_field
from zhengtong.web.desk.step_form import Room, StepForm


class Reasoned(StepForm):
    """Says why, and no more; `flow` takes it."""

    leaves = False
    flow: ClassVar[Callable[..., Any]]

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return type(self).flow(number, reason=self.typed("reason"), seen=seen, by=by, at=at)


class ProposeVoid(Reasoned):
    name, title, button = "propose-void", _("提出作废"), _("提出作废")
    hint = _("录入有误的办件要两个人才能作废：一人提出，另一人确认。")
    stop = True
    done, flow = _("已提出作废，等负责人确认。"), staticmethod(void.propose_void)
    reason = text_field(_("错在哪里"), 500, rows=2)


class Void(StepForm):
    name, title, button = "void", _("确认作废"), _("确认作废")
    ask, stop = _("作废后这件办件就结束了。"), True
    done = _("已作废。")

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return void.void(number, seen=seen, by=by, at=at)


class DeclineVoid(Reasoned):
    name, title, button = "decline-void", _("不作废"), _("不作废，继续办理")
    hint = _("写明为什么不作废。您自己提出的，可以不写理由，直接收回。")
    done, flow = _("没有作废，办件继续办理。"), staticmethod(void.decline_void)
    reason = text_field(_("理由"), 500, rows=2, required=False)


class AskSpecial(Reasoned):
    name, title, button = "ask-special", _("提请特办"), _("提请特办")
    hint = _("特别紧急的事，由中心负责人批准后优先办理、缩短内部时限。法定步骤一步不少。")
    done, flow = _("已提请特办，等中心负责人审批。"), staticmethod(special.ask_special)
    reason = text_field(_("为什么急"), 500, rows=2)


class GrantSpecial(StepForm):
    name, title, button = "grant-special", _("批准特办"), _("批准特办")
    hint = _("批准后优先办理；缩短的是内部时限，承诺时限不变。承诺时限已经不够再缩短的，不另定时限。")
    leaves, done = False, _("已批准特办。")
    days = forms.IntegerField(label=_("特办时限"), min_value=1, required=False)

    def furnish(self, room: Room) -> None:
        most = cases.most_special_days(room.case, room.edition, cases.law_for(room.case), local_date(room.at))
        if most:
            self.fields["days"].initial = most
            self.fields["days"].help_text = _now(
                "从受理起算；已经受理的从今天起算。单位与承诺时限相同，最多 %(most)s 天。"
            ) % {"most": most}
        else:
            del self.fields["days"]

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return special.grant_special(number, days=self.cleaned_data.get("days"), seen=seen, by=by, at=at)


class DeclineSpecial(Reasoned):
    name, title, button = "decline-special", _("不按特办"), _("不按特办，照常办理")
    hint = _("写明为什么不按特办。您自己提请的，可以不写理由，直接收回。")
    done, flow = _("这件办件照常办理。"), staticmethod(special.decline_special)
    reason = text_field(_("理由"), 500, rows=2, required=False)


class EndSpecial(Reasoned):
    name, title, button = "end-special", _("撤销特办"), _("撤销特办")
    hint = _("批错了，或者已经不急了：撤销后照常办理，承诺时限不变。")
    done, flow = _("已撤销特办，照常办理。"), staticmethod(special.end_special)
    reason = text_field(_("理由"), 500, rows=2)
