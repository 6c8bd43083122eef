"""One form for each step of a bad rating. A form asks what its flow takes, and `run` calls that flow; no rule here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.base.permission import Acting
from zhengtong.domains.rectifications import queries
from zhengtong.domains.registry import queries as registry
from zhengtong.flows import rectification_mended, rectification_reviewed, rectification_revisited
from zhengtong.flows.rectification_dispatched import dispatch_rectification
from zhengtong.flows.rectification_verified import verify_rectification
from zhengtong.rules.clock import local_date
from zhengtong.rules.rectifications import SET_ASIDE, RectState, RectStep, Verdict, rect_steps
from zhengtong.web.desk.act_form import ActForm, text_field
from zhengtong.web.desk.rectifications import words
from zhengtong.web.desk.steps import NameSelect
from zhengtong.web.frame.dates import in_english
from zhengtong.web.frame.uploaded import Files, stored_all


class RectForm(ActForm):
    """A step of a bad rating."""

    step: ClassVar[RectStep]

    def __init__(self, data: Any = None, *, row: queries.Rectification) -> None:
        super().__init__(data, version=row.version, initial=self.filled(row))
        self.row = row

    @property
    def name(self) -> str:
        return self.step.value.replace("_", "-")

    def filled(self, row: queries.Rectification) -> dict[str, Any]:
        return {}

    def common(self, by: Acting, at: datetime) -> dict[str, Any]:
        return {"seen": self.cleaned_data["seen"], "by": by, "at": at}


class Dispatch(RectForm):
    step, title, button = RectStep.DISPATCH, _("派发差评"), _("派发")
    hint = _("谁办理、谁负责。派发后由该部门在期限内核实，被评价人本人不能核实。")
    done = _("已派发，责任部门和群众都收到了通知。")
    responsible = forms.ChoiceField(label=_("责任部门和科室"), widget=NameSelect)
    text = text_field(_("派发说明"), required=False, rows=2)

    def __init__(self, data: Any = None, *, row: queries.Rectification) -> None:
        super().__init__(data, row=row)
        self.fields["responsible"].choices = _responsible()  # type: ignore[attr-defined]  # a ChoiceField

    def filled(self, row: queries.Rectification) -> dict[str, Any]:
        return {"responsible": f"{row.organ_id}.{row.section_id or ''}"}

    def run(self, *, files: Files, by: Acting, at: datetime) -> Any:
        organ, _dot, section = self.cleaned_data["responsible"].partition(".")
        return dispatch_rectification(
            self.row.number, organ_id=int(organ), section_id=int(section) if section else None,
            text=self.typed("text"), **self.common(by, at),
        )  # fmt: skip


def _responsible() -> list[tuple[str, str]]:
    english, sections, choices = in_english(), {}, []  # type: ignore[var-annotated]  # filled just below
    for section in registry.sections_of():
        sections.setdefault(section.organ_id, []).append(section)
    for organ in registry.organs():
        name = organ.name_en if english and organ.name_en else organ.name
        choices.append((f"{organ.pk}.", name))
        for section in sections.get(organ.pk, []):
            below = section.name_en if english and section.name_en else section.name
            choices.append((f"{organ.pk}.{section.pk}", f"{name} · {below}"))
    return choices


class Verify(RectForm):
    step, title, button = RectStep.VERIFY, _("核实差评"), _("提交核实")
    hint = _("核对办件、监控和当事人说法，写清事实。核实情况会给提意见的群众看，不要写能认出评价人的内容。")
    done = _("核实结果已提交。")
    uploads = True
    verdict = forms.ChoiceField(label=_("核实结论"), choices=list(words.VERDICTS.items()), widget=forms.RadioSelect)
    text = text_field(_("核实情况"))
    plan = text_field(
        _("整改计划"),
        required=False,
        hint=_("情况复杂的必填。计划和进展向社会公开：做什么、谁负责、分几步、何时完成。"),
    )

    def run(self, *, files: Files, by: Acting, at: datetime) -> Any:
        return verify_rectification(
            self.row.number, Verdict(self.cleaned_data["verdict"]), text=self.typed("text"), plan=self.typed("plan"),
            files=stored_all(files, at), **self.common(by, at),
        )  # fmt: skip


class Fix(RectForm):
    step, title, button = RectStep.FIX, _("整改完成"), _("提交整改结果")
    hint = _("用群众看得懂的话写：做了什么、效果怎样。提交后请群众回访评价。")
    done = _("整改结果已提交，接下来回访群众。")
    uploads = True
    text = text_field(_("整改结果"))

    def run(self, *, files: Files, by: Acting, at: datetime) -> Any:
        return rectification_mended.fix_rectification(
            self.row.number, text=self.typed("text"), files=stored_all(files, at), **self.common(by, at)
        )


class Progress(RectForm):
    step, title, button = RectStep.PROGRESS, _("登记整改进展"), _("公开这条进展")
    hint = _("进展写入公开的台账，期限不变。")
    done = _("进展已公开。")
    uploads = True
    text = text_field(_("整改进展"), rows=3)

    def run(self, *, files: Files, by: Acting, at: datetime) -> Any:
        return rectification_mended.report_rectification_progress(
            self.row.number, text=self.typed("text"), files=stored_all(files, at), **self.common(by, at)
        )


class Explain(RectForm):
    step, title, button = RectStep.EXPLAIN, _("解释说明"), _("提交说明")
    hint = _("写明依据的法律法规条款和理由，再写群众可以怎么办。")
    done = _("说明已提交，接下来回访群众。")
    uploads = True
    text = text_field(_("解释说明"))

    def run(self, *, files: Files, by: Acting, at: datetime) -> Any:
        return rectification_mended.explain_rectification(
            self.row.number, text=self.typed("text"), files=stored_all(files, at), **self.common(by, at)
        )


class Confirm(RectForm):
    step, title, button = RectStep.CONFIRM, _("予以认定"), _("予以认定")
    hint = _("认定后这次评价不计入考核，但永久保留。理由会给评价人看。")
    done = _("已认定，这次评价不再计入考核。")
    text = text_field(_("复核意见"), rows=3)

    def run(self, *, files: Files, by: Acting, at: datetime) -> Any:
        return rectification_reviewed.confirm_set_aside(self.row.number, text=self.typed("text"), **self.common(by, at))


class Decline(RectForm):
    step, title, button = RectStep.DECLINE, _("不予认定"), _("不予认定")
    hint = _("评价有效，退回责任部门重新核实，期限从今天重新计算。")
    done = _("已退回重新核实。")
    stop = True
    text = text_field(_("复核意见"), rows=3)

    def run(self, *, files: Files, by: Acting, at: datetime) -> Any:
        return rectification_reviewed.decline_set_aside(self.row.number, text=self.typed("text"), **self.common(by, at))


class Overturn(RectForm):
    step, title, button = RectStep.OVERTURN, _("撤销认定"), _("撤销认定，重新核实")
    hint = _("发现不是误评、也没有不实的：这次评价马上重新计入考核，由上一级人员从今天起重新核实。理由会给评价人看。")
    done = _("已撤销认定，这次评价重新计入考核。")
    stop = True
    text = text_field(_("复核意见"), rows=3)

    def run(self, *, files: Files, by: Acting, at: datetime) -> Any:
        return rectification_reviewed.overturn_set_aside(
            self.row.number, text=self.typed("text"), **self.common(by, at)
        )


class Appeal(RectForm):
    step, title, button = RectStep.APPEAL, _("我要申诉"), _("提交申诉")
    hint = _("您认为是误评或不实评价的，写明事实并附证据，由另外的人复核。整改期限照常计算。")
    done = _("申诉已提交，由没有参与核实的人复核。")
    uploads = True
    text = text_field(_("申诉理由"))

    def run(self, *, files: Files, by: Acting, at: datetime) -> Any:
        return rectification_reviewed.appeal_rectification(
            self.row.number, text=self.typed("text"), files=stored_all(files, at), **self.common(by, at)
        )


class GrantAppeal(RectForm):
    step, title, button = RectStep.GRANT_APPEAL, _("申诉成立"), _("申诉成立")
    hint = _("认定后这次评价不计入考核，但永久保留。理由会给评价人看。")
    done = _("申诉成立，这次评价不再计入考核。")
    uploads = True
    verdict = forms.ChoiceField(
        label=_("认定为"), choices=[(v.value, words.VERDICTS[v]) for v in sorted(SET_ASIDE)], widget=forms.RadioSelect
    )
    text = text_field(_("复核意见"), rows=3)

    def run(self, *, files: Files, by: Acting, at: datetime) -> Any:
        return rectification_reviewed.grant_rectification_appeal(
            self.row.number, Verdict(self.cleaned_data["verdict"]), text=self.typed("text"), files=stored_all(files, at),
            **self.common(by, at),
        )  # fmt: skip


class DeclineAppeal(RectForm):
    step, title, button = RectStep.DECLINE_APPEAL, _("申诉不成立"), _("申诉不成立")
    done = _("已答复申诉不成立，评价仍然有效。")
    stop = True
    text = text_field(_("复核意见"), rows=3)

    def run(self, *, files: Files, by: Acting, at: datetime) -> Any:
        return rectification_reviewed.decline_rectification_appeal(
            self.row.number, text=self.typed("text"), **self.common(by, at)
        )


class Revisit(RectForm):
    step, title, button = RectStep.REVISIT, _("登记回访结果"), _("登记回访")
    hint = _("先念整改结果，再问是否满意；照群众的原话记。不满意的自动重启，由上一级办理。")
    done = _("回访结果已登记。")
    satisfied = forms.ChoiceField(
        label=_("群众现在是否满意"), choices=[("yes", _("满意")), ("no", _("不满意"))], widget=forms.RadioSelect
    )
    text = text_field(_("群众的原话"), most=1000, required=False, rows=3, hint=_("不满意的必填。"))

    def run(self, *, files: Files, by: Acting, at: datetime) -> Any:
        return rectification_revisited.revisit_rectification(
            self.row.number, satisfied=self.cleaned_data["satisfied"] == "yes", text=self.typed("text"),
            **self.common(by, at),
        )  # fmt: skip


class TryRevisit(RectForm):
    step, title, button = RectStep.TRY_REVISIT, _("没有联系上"), _("登记一次没有联系上")
    hint = _("在不同的日子多次联系不上的，才能按联系不上办结，并且不算已回访。")
    done = _("已登记。")
    text = text_field(_("说明"), most=1000, required=False, rows=2)
    give_up = forms.BooleanField(label=_("多次联系不上，就此办结"), required=False)

    def run(self, *, files: Files, by: Acting, at: datetime) -> Any:
        return rectification_revisited.try_to_revisit(
            self.row.number, text=self.typed("text"), give_up=bool(self.cleaned_data["give_up"]),
            **self.common(by, at),
        )  # fmt: skip


FORMS: dict[RectStep, type[RectForm]] = {
    form.step: form
    for form in (
        Dispatch, Verify, Fix, Progress, Explain, Confirm, Decline, Revisit, TryRevisit, GrantAppeal, DeclineAppeal,
        Appeal, Overturn,
    )
}  # fmt: skip
BY_NAME = {step.value.replace("_", "-"): form for step, form in FORMS.items()}


def offered(row: queries.Rectification, by: Acting, at: datetime, notes: Sequence[Any]) -> list[RectStep]:
    """The steps this person may take now; the actions ask the same once more."""
    own = by.is_officer and by.id is not None and by.id == row.officer_id
    verifiers = {note.officer_id for note in notes if note.step == RectStep.VERIFY.value}
    second = not own and by.id not in verifiers
    aside = not own and by.id not in {note.officer_id for note in notes}  # took no part
    pending = row.appeal_state == "open"
    until = queries.appeal_until(row)
    lawful = {
        RectStep.VERIFY: not own,
        RectStep.CONFIRM: second,
        RectStep.DECLINE: second,
        RectStep.APPEAL: not row.appeal_state and until is not None and local_date(at) <= until,
        RectStep.GRANT_APPEAL: pending and second,
        RectStep.DECLINE_APPEAL: pending and second,
        RectStep.REVISIT: aside and row.real_name,
        RectStep.TRY_REVISIT: aside and row.real_name,
        RectStep.OVERTURN: aside and row.verdict in SET_ASIDE,
    }
    steps = rect_steps(RectState(row.state), *queries.sides_of(by, row))
    return [step for step in FORMS if step in steps and lawful.get(step, True)]
