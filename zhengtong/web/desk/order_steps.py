"""One form for each step of an order. A form asks what its flow takes, and `run` calls that flow; no rule here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from zhengtong.base.permission import Acting
from zhengtong.domains.orders import queries as orders
from zhengtong.flows import order_closed, order_extended, order_received, order_rejected, order_replied, order_verified
from zhengtong.rules.orders import OrderKind, OrderState, OrderStep, order_steps
from zhengtong.web.desk.act_form import ActForm, text_field
from zhengtong.web.frame.uploaded import stored_all


class OrderForm(ActForm):
    """A step of an order."""

    step: ClassVar[OrderStep]

    def __init__(self, data: Any = None, *, order: orders.Order) -> None:
        super().__init__(data, version=order.version)
        self.order = order

    @property
    def name(self) -> str:
        return self.step.value.replace("_", "-")


class Receive(OrderForm):
    step, title, button = OrderStep.RECEIVE, _("签收督办单"), _("签收")
    hint = _("签收后由本科室办理，期限自发出之日起计算，不因签收推迟。")
    done = _("已签收，请在期限内回复。")

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return order_received.receive_order(self.order.number, seen=self.cleaned_data["seen"], by=by, at=at)


class ReplyForm(OrderForm):
    step, title, button = OrderStep.REPLY, _("回复督办单"), _("提交回复")
    hint = _("写明情况、原因、整改措施和结果，附上佐证材料。提交后由监察人员核实。")
    done = _("回复已提交，等待核实。")
    uploads = True
    reply = text_field(_("办理情况"), 2000, rows=6)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        kept = stored_all(files, at)
        return order_replied.reply_to_order(
            self.order.number, text=self.typed("reply"), files=kept, seen=self.cleaned_data["seen"], by=by, at=at
        )


class AskExtension(OrderForm):
    step, title, button = OrderStep.ASK_EXTENSION, _("申请延期"), _("申请延期")
    hint = _("只能延期一次，须在期限届满前申请，由签发人批准。")
    done = _("延期申请已送签发人，批准前原期限不变。")
    days = forms.IntegerField(label=_("延长几个工作日"), min_value=1)
    reason = text_field(_("理由"), 500)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return order_extended.ask_extension(
            self.order.number, days=self.cleaned_data["days"], reason=self.typed("reason"),
            seen=self.cleaned_data["seen"], by=by, at=at,
        )  # fmt: skip


class Verify(OrderForm):
    step, title, button = OrderStep.VERIFY, _("核实回复"), _("核实属实")
    hint = _("核对佐证材料和办件记录，写明怎样核实的。")
    done = _("已核实，可以办结。")
    verdict = text_field(_("核实意见"), 1000)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return order_verified.verify_order(
            self.order.number, text=self.typed("verdict"), seen=self.cleaned_data["seen"], by=by, at=at
        )


class Reject(OrderForm):
    step, title, button = OrderStep.REJECT, _("退回重办"), _("退回重办")
    hint = _("写明哪里不实或不全。责任部门从今天起有一个新的期限。")
    done = _("已退回，新的期限开始计算。")
    stop = True
    reason = text_field(_("退回理由"), 1000)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return order_rejected.reject_reply(
            self.order.number, reason=self.typed("reason"), seen=self.cleaned_data["seen"], by=by, at=at
        )


class Close(OrderForm):
    step, title, button = OrderStep.CLOSE, _("督办办结"), _("督办办结")
    hint = _("结果会告知催办或投诉的申请人，请用群众看得懂的话写。")
    done = _("督办单已办结。")
    outcome = text_field(_("督办结果"), 1000)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return order_closed.close_order(
            self.order.number, outcome=self.typed("outcome"), seen=self.cleaned_data["seen"], by=by, at=at
        )


class Withdraw(OrderForm):
    step, title, button = OrderStep.WITHDRAW, _("撤销督办单"), _("撤销督办单")
    hint = _("误发，或者督办的事由已不存在。撤销后不计入逾期。")
    ask, stop = _("撤销后不能恢复，需要时要另发一张。"), True
    done = _("督办单已撤销。")
    reason = text_field(_("撤销理由"), 1000)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return order_closed.withdraw_order(
            self.order.number, reason=self.typed("reason"), seen=self.cleaned_data["seen"], by=by, at=at
        )


class Extend(OrderForm):
    step, title, button = OrderStep.EXTEND, _("批准延期"), _("批准延期")
    done = _("已批准延期，新的期限已告知责任部门。")
    answer = text_field(_("批复"), 500, required=False, rows=2)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return order_extended.extend_order(
            self.order.number, answer=self.typed("answer"), seen=self.cleaned_data["seen"], by=by, at=at
        )


class DeclineExtension(OrderForm):
    step, title, button = OrderStep.DECLINE_EXTENSION, _("不予延期"), _("不予延期")
    done = _("已答复不予延期，原期限不变。")
    stop = True
    answer = text_field(_("理由"), 500, rows=2)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return order_extended.decline_extension(
            self.order.number, answer=self.typed("answer"), seen=self.cleaned_data["seen"], by=by, at=at
        )


FORMS: dict[OrderStep, type[OrderForm]] = {
    form.step: form
    for form in (Receive, ReplyForm, AskExtension, Verify, Reject, Close, Extend, DeclineExtension, Withdraw)
}
BY_NAME = {step.value.replace("_", "-"): form for step, form in FORMS.items()}


def offered(
    order: orders.Order,
    *,
    by_organ: bool,
    by: Acting,
    replies: Sequence[orders.Reply],
    extensions: Sequence[orders.Extension],
    at: datetime,
) -> list[OrderStep]:
    """The steps this person may take now; the actions ask the same once more."""
    pending = any(one.granted is None for one in extensions)
    taken = order.extended or pending
    issuer = order.issuer_id is None or order.issuer_id in by.principals()
    own = any(one.term == order.term and one.replied_by_id == by.id for one in replies)
    in_time = order.due_at is not None and at <= order.due_at
    lawful = {
        OrderStep.ASK_EXTENSION: order.kind == OrderKind.COMPLEX.value and not taken and in_time,
        OrderStep.EXTEND: pending and issuer and in_time,
        OrderStep.DECLINE_EXTENSION: pending and issuer,
        OrderStep.VERIFY: not own,
        OrderStep.REJECT: not own,
    }
    return [step for step in order_steps(OrderState(order.state), by_organ=by_organ) if lawful.get(step, True)]
