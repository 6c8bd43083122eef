"""One form for each step an officer may take. A form asks what its flow takes, and `run` calls that flow; no rule here."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.base.permission import Acting
from zhengtong.domains.registry import queries as registry
from zhengtong.flows import (
    accept,
    decide,
    deliver,
    finish,
    forward,
    handle,
    handle_at_once,
    refuse_acceptance,
    send_up,
    stop_clock,
    talk,
    withdraw,
)
from zhengtong.rules.decisions import Ground
from zhengtong.rules.procedure import NEXT_STAGE, Stage, Step
from zhengtong.web.desk import words
from zhengtong.web.desk.act_form import line_field, text_field
from zhengtong.web.desk.house.choosing import NameSelect, day_field
from zhengtong.web.desk.step_form import Room, StepForm
from zhengtong.web.desk.two_person_steps import (
    AskSpecial,
    DeclineSpecial,
    DeclineVoid,
    EndSpecial,
    GrantSpecial,
    ProposeVoid,
    Void,
)
from zhengtong.web.frame.dates import in_english


class Accept(StepForm):
    name, title, button = "accept", _("受理"), _("受理并出具受理通知书")
    hint = _("材料齐全、符合法定形式。受理之日起计算期限，系统按工作量分派承办人。")
    done = _("已受理，受理通知书已出具。")

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return accept.accept(number, seen=seen, by=by, at=at)


class HandleAtOnce(StepForm):
    name, title, button = "handle-at-once", _("即时办结"), _("受理并当场办结")
    hint = _("即办件：受理、决定、办结一次完成，每一步都记入办理经过。")
    done = _("已当场办结，文书可以打印。")
    leaves = False
    opinion = text_field(_("办理意见"), required=False, rows=2)

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return handle_at_once.handle_at_once(number, opinion=self.typed("opinion"), seen=seen, by=by, at=at)


class RefuseAcceptance(StepForm):
    name, title, button = "refuse-acceptance", _("不予受理"), _("出具不予受理通知书")
    hint = _("依法不需要许可，或者不属于本机关职权范围的，说明理由、依据；知道有权机关的，告诉申请人。")
    ask, stop = _("不予受理通知书一经出具，这件申请就结束了。"), True
    done = _("不予受理通知书已出具。")
    ground = forms.ChoiceField(
        label=_("属于哪一种"),
        choices=[
            (Ground.NOT_REQUIRED.value, _("不受理：依法不需要办理")),
            (Ground.NO_POWER.value, _("不予受理：不属于本机关职权")),
        ],
        widget=forms.RadioSelect,
    )
    reason = text_field(_("理由"), 1000)
    basis = line_field(_("法律依据"), hint=_("例如：行政许可法第三十二条第一款第二项"))
    right_organ = line_field(_("应当向哪个机关申请"), required=False)

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return refuse_acceptance.refuse_acceptance(
            number, reason=self.typed("reason"), basis=self.typed("basis"), right_organ=self.typed("right_organ"),
            ground=Ground(self.typed("ground")), seen=seen, by=by, at=at,
        )  # fmt: skip


class Forward(StepForm):
    name, title, button = "forward", _("转下一环节"), _("提交意见")
    done = _("已转下一环节。")
    opinion = text_field(_("意见"))
    to = forms.TypedChoiceField(label=_("交给"), required=False, coerce=int, empty_value=None, widget=NameSelect)

    def furnish(self, room: Room) -> None:
        following = NEXT_STAGE[Stage(room.case.stage)]
        exclude = (room.by.id, room.case.handler_id if following is Stage.APPROVE else None)
        choose = [("", _("自动：手上办件最少的人"))]
        self.fields["to"].choices = choose + room.colleagues(following, exclude)  # type: ignore[attr-defined]
        self.fields["to"].help_text = _("姓名后是手上的办件数")

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        to = self.cleaned_data.get("to")
        return forward.forward(number, opinion=self.typed("opinion"), to=to, seen=seen, by=by, at=at)


class SendBack(StepForm):
    name, title, button = "return", _("退回上一环节"), _("退回")
    done = _("已退回上一环节。")
    reason = text_field(_("退回理由"), 1000)

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return handle.send_back(number, reason=self.typed("reason"), seen=seen, by=by, at=at)


class Recall(StepForm):
    name, title, button = "recall", _("收回办件"), _("收回到我手上")
    hint = _("刚才转错了人或还要补充意见：对方动手之前可以收回。")
    done, leaves = _("已收回到您手上。"), False

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return handle.recall(number, seen=seen, by=by, at=at)


class Take(StepForm):
    name, title, button = "take", _("领取"), _("领取这件")
    done, leaves = _("已领取，在您手上。"), False

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return handle.take(number, seen=seen, by=by, at=at)


class Assign(StepForm):
    name, title, button = "assign", _("分派或移交"), _("交给这位同事")
    done = _("已交给同事。")
    to = forms.TypedChoiceField(label=_("交给"), coerce=int, widget=NameSelect)
    reason = line_field(_("原因"), required=False)

    def furnish(self, room: Room) -> None:
        stage = Stage(room.case.suspended_stage or room.case.stage)
        done = {Stage.REVIEW: (room.case.handler_id,), Stage.APPROVE: (room.case.handler_id, room.case.reviewer_id)}
        exclude = (room.case.holder_id, *done.get(stage, ()))
        self.fields["to"].choices = [("", _("请选择")), *room.colleagues(stage, exclude)]  # type: ignore[attr-defined]
        self.fields["to"].help_text = _("姓名后是手上的办件数")

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        to = self.cleaned_data["to"]
        return handle.assign(number, to=to, reason=self.typed("reason"), seen=seen, by=by, at=at)


def _section(row: registry.Section) -> str:
    if in_english() and row.organ.name_en and row.name_en:
        return f"{row.organ.name_en}, {row.name_en}"
    return f"{row.organ.name} {row.name}"


class Consult(StepForm):
    name, title, button = "consult", _("征求意见"), _("发出")
    hint = _("征求意见不停止期限。")
    done, leaves = _("已发出，对方答复后这里会看到。"), False
    section = forms.TypedChoiceField(label=_("科室"), coerce=int, widget=NameSelect)
    question = text_field(_("要问的问题"), 1000)

    def furnish(self, room: Room) -> None:
        found = [s for s in registry.sections_of() if s.pk != room.case.section_id]
        self.fields["section"].choices = [("", _("请选择")), *((s.pk, _section(s)) for s in found)]  # type: ignore[attr-defined]

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        section = self.cleaned_data["section"]
        return handle.consult(number, section_id=section, question=self.typed("question"), seen=seen, by=by, at=at)


class Suspend(StepForm):
    name, title, button = "suspend", _("进入特别程序"), _("开始并书面告知申请人")
    hint = _("只有事项列明的听证、检验、检测、检疫、鉴定和专家评审可以暂停计时（行政许可法第四十五条）。")
    done, leaves = _("特别程序已开始，告知书已出具。"), False
    code = forms.ChoiceField(label=_("程序"), widget=NameSelect)
    days = forms.IntegerField(label=_("预计需要多少日"), min_value=1, max_value=365)
    reason = text_field(_("原因"), 500, rows=2)

    def furnish(self, room: Room) -> None:
        listed = [p for p in room.edition.special_procedures if p.kind != stop_clock.EXTENSION]
        self.fields["code"].choices = [(p.code, p.name_en if in_english() and p.name_en else p.name) for p in listed]  # type: ignore[attr-defined]
        if listed and listed[0].limit:
            self.fields["days"].initial = listed[0].limit.amount

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return stop_clock.suspend(
            number, code=self.typed("code"), reason=self.typed("reason"), days=self.cleaned_data["days"],
            seen=seen, by=by, at=at,
        )  # fmt: skip


class Resume(StepForm):
    name, title, button = "resume", _("特别程序结束"), _("恢复办理")
    hint = _("今天仍不计入，明天起继续计时。")
    done, leaves = _("已恢复办理，期限继续计算。"), False
    result = text_field(_("程序的结果"), 500)

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return stop_clock.resume(number, result=self.typed("result"), seen=seen, by=by, at=at)


class Extend(StepForm):
    name, title, button = "extend", _("延长期限"), _("批准延长并告知申请人")
    hint = _("由行政机关负责人批准，只能延长一次，并把理由告知申请人（行政许可法第四十二条）。")
    done, leaves = _("期限已延长，告知书已出具。"), False
    days = forms.IntegerField(label=_("延长多少个工作日"), min_value=1)
    reason = text_field(_("理由"), 500, rows=2)

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        days = self.cleaned_data["days"]
        return stop_clock.extend(number, days=days, reason=self.typed("reason"), seen=seen, by=by, at=at)


def _yes_no() -> forms.ChoiceField:
    choices = [("yes", _("准予")), ("no", _("不予准许"))]
    return forms.ChoiceField(label=_("决定"), choices=choices, widget=forms.RadioSelect)


def _validity() -> forms.DateField:
    return day_field(
        _("有效期至"),
        required=False,
        hint=_("准予的事项有期限时填写，印在决定书上，到期前提醒持有人；不填即长期有效。"),
    )


class Decide(StepForm):
    name, title, button = "decide", _("签发决定"), _("签发决定")
    hint = _("决定书随即编号出具。不予准许的，必须说明理由（行政许可法第三十八条）。")
    ask = _("决定一经作出即出具决定书，不能收回。")
    done = _("决定已作出，决定书已出具。")
    grants = _yes_no()
    valid_until = _validity()
    opinion = text_field(_("意见"))

    def furnish(self, room: Room) -> None:
        self.fields["opinion"].required = False

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return decide.decide(
            number, grants=self.cleaned_data["grants"] == "yes", opinion=self.typed("opinion"),
            valid_until=self.cleaned_data.get("valid_until"), seen=seen, by=by, at=at,
        )  # fmt: skip


class SendUp(StepForm):
    name, title, button = "send-up", _("上报"), _("上报")
    done = _("已上报，本机关的期限到此结束。")
    upper_organ = line_field(_("上级机关"))
    opinion = text_field(_("初审意见"))

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return send_up.send_up(
            number, upper_organ=self.typed("upper_organ"), opinion=self.typed("opinion"), seen=seen, by=by, at=at
        )


class ResultBack(StepForm):
    name, title, button = "result-back", _("上级结果返回"), _("登记结果")
    done, leaves = _("上级结果已登记。"), False
    grants = _yes_no()
    valid_until = _validity()
    opinion = text_field(_("上级机关的意见"))

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return send_up.result_back(
            number, grants=self.cleaned_data["grants"] == "yes", opinion=self.typed("opinion"),
            valid_until=self.cleaned_data.get("valid_until"), seen=seen, by=by, at=at,
        )  # fmt: skip


class Finish(StepForm):
    name, title, button = "finish", _("办结"), _("办结并通知申请人领取")
    hint = _("结果文书已在窗口。")
    done, leaves = _("已办结，申请人已收到领取通知。"), False
    note = line_field(_("备注"), required=False)

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return finish.finish(number, note=self.typed("note"), seen=seen, by=by, at=at)


class Deliver(StepForm):
    name, title, button = "deliver", _("送达结果"), _("送达并出具送达回证")
    done = _("已送达，送达回证已出具。")
    mode = forms.ChoiceField(label=_("送达方式"), choices=list(words.DELIVERY_MODES.items()))
    recipient = line_field(_("签收人"))
    tracking_no = line_field(_("运单号"), required=False, hint=_("邮寄时填写"))
    witnesses = line_field(_("见证人"), required=False, hint=_("留置送达时填写，几个人用顿号分开"))
    remark = line_field(_("拒收的事由"), required=False, hint=_("留置送达时填写"))

    def furnish(self, room: Room) -> None:
        self.fields["recipient"].initial = room.case.agent_name or (
            room.case.applicant_name if room.case.enterprise_id is None else ""
        )

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return deliver.deliver(
            number, mode=self.typed("mode"), recipient=self.typed("recipient"), tracking_no=self.typed("tracking_no"),
            witnesses=tuple(filter(None, re.split(r"[、,，;；\s]+", self.typed("witnesses")))), remark=self.typed("remark"),
            seen=seen, by=by, at=at,
        )  # fmt: skip


class Withdraw(StepForm):
    name, title, button = "withdraw", _("申请人撤回"), _("登记撤回")
    hint = _("申请人到窗口或书面要求撤回申请。")
    ask, stop = _("撤回后这件申请就结束了。"), True
    done = _("撤回已登记，确认书已出具。")
    reason = text_field(_("申请人的理由"), 500, required=False, rows=2)

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return withdraw.withdraw(number, reason=self.typed("reason"), seen=seen, by=by, at=at)


class CorrectContact(StepForm):
    name, title, button = "correct-contact", _("更正联系方式"), _("更正")
    leaves, done = False, _("联系方式已更正。")
    phone = line_field(_("手机号"), required=False)
    agent_name = line_field(_("经办人"), required=False)
    reason = line_field(_("为什么更正"))

    def furnish(self, room: Room) -> None:
        self.fields["agent_name"].initial = room.case.agent_name

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        phone = self.typed("phone") or self.room.case.contact_phone  # empty: as it was
        return talk.correct_contact(
            number,
            phone=phone,
            agent_name=self.typed("agent_name"),
            reason=self.typed("reason"),
            seen=seen,
            by=by,
            at=at,
        )


class Say(StepForm):
    name, title, button = "say", _("给申请人留言"), _("发送")
    leaves, done = False, _("留言已发给申请人。")

    def furnish(self, room: Room) -> None:
        self.fields["text"] = text_field(_("留言"), 2000, rows=2)

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return talk.say(number, text=self.typed("text"), by=by, at=at)


class Note(StepForm):
    name, title, button = "note", _("内部备注"), _("记下")
    hint = _("同事看得到，申请人看不到。")
    leaves, done = False, _("已记下。")

    def furnish(self, room: Room) -> None:
        self.fields["text"] = text_field(_("备注"), 1000, rows=2)

    def run(self, number: str, *, seen: int | None, by: Acting, at: datetime) -> Any:
        return talk.note(number, text=self.typed("text"), by=by, at=at)


FORM_OF: dict[Step, type[StepForm]] = {
    Step.ACCEPT: Accept,
    Step.FORWARD: Forward,
    Step.DECIDE: Decide,
    Step.FINISH: Finish,
    Step.DELIVER: Deliver,
    Step.RESUME: Resume,
    Step.SEND_UP: SendUp,
    Step.RESULT_BACK: ResultBack,
    Step.RETURN: SendBack,
    Step.RECALL: Recall,
    Step.REFUSE_ACCEPTANCE: RefuseAcceptance,
    Step.CONSULT: Consult,
    Step.SUSPEND: Suspend,
    Step.EXTEND: Extend,
    Step.ASSIGN: Assign,
    Step.GRANT_SPECIAL: GrantSpecial,
    Step.DECLINE_SPECIAL: DeclineSpecial,
    Step.END_SPECIAL: EndSpecial,
    Step.ASK_SPECIAL: AskSpecial,
    Step.VOID: Void,
    Step.DECLINE_VOID: DeclineVoid,
    Step.WITHDRAW: Withdraw,
}
_KINDS: tuple[type[StepForm], ...] = (*FORM_OF.values(), HandleAtOnce, Take, ProposeVoid, CorrectContact, Say, Note)
ALL: dict[str, type[StepForm]] = {form.name: form for form in _KINDS}
