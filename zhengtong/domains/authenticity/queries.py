"""Leads and samples by whoever may see them, and the sums for scores and circulars."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from zhengtong.base.permission import Acting
from zhengtong.base.seal.models import Checkpoint
from zhengtong.domains.authenticity.models import (
    AskedRating,
    ExtendedHours,
    Lead,
    LeadEvidence,
    RatingSample,
    Sample,
    SampleFile,
    Trace,
)
from zhengtong.domains.ratings.models import Rating
from zhengtong.domains.supervision.models import RuleVersion
from zhengtong.rules.authenticity.months import month_of
from zhengtong.rules.authenticity.ratings import GOOD
from zhengtong.rules.authenticity.suspicion import RULES
from zhengtong.rules.clock import start_of
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability

PAGE = 50
_WITH = ("organ", "officer", "item", "settled_by")


def _seen_by(by: Acting) -> QuerySet[Lead]:
    """Leads are the supervisor's and the centre's until settled: a department learns of them by the card."""
    rows = Lead.objects.select_related(*_WITH)
    return rows if by.can(Ability.SEE_ALL) else rows.none()


@dataclass(frozen=True, slots=True)
class LeadPage:
    """Leads, each with the number of its records; `after` opens the next page."""

    rows: list[tuple[Lead, int]]
    after: int | None


def leads(
    by: Acting,
    *,
    state: str = "",
    rule: str = "",
    organ_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
    after: int | None = None,
    limit: int = PAGE,
) -> LeadPage:
    """Newest first, keyset by id."""
    rows = _seen_by(by)
    wanted = {"state": state, "rule_code": rule, "organ_id": organ_id, "found_on__gte": since, "found_on__lte": until}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: limit + 1])
    shown = found[:limit]
    records = LeadEvidence.objects.filter(lead__in=shown).order_by().values_list("lead_id").annotate(n=Count("pk"))
    counted = dict(records.values_list("lead_id", "n"))
    return LeadPage([(lead, counted.get(lead.pk, 0)) for lead in shown], shown[-1].pk if len(found) > limit else None)


def lead_counts(by: Acting) -> dict[str, int]:
    """How many stand in each state."""
    rows = _seen_by(by).order_by().values("state").annotate(n=Count("pk"))
    counts = {row["state"]: row["n"] for row in rows}
    return {state: counts.get(state, 0) for state in Lead.STATES}


def lead_for(by: Acting, number: str) -> Lead:
    row = _seen_by(by).filter(number=number).first()
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return row


def evidence_of(lead: Lead, *, after: int = 0, limit: int = PAGE + 1) -> list[LeadEvidence]:
    return list(lead.evidence.select_related("officer").filter(pk__gt=after).order_by("pk")[:limit])


def rule_names() -> dict[str, tuple[str, str]]:
    """Code → (name, English name), of every detector's rule, also one that is switched off: its leads remain."""
    rows = RuleVersion.objects.filter(code__in=RULES).order_by("code", "number")
    return {code: (name, name_en) for code, name, name_en in rows.values_list("code", "name", "name_en")}


def open_leads(*, organ_ids: Sequence[int] | None = None, limit: int = PAGE) -> list[Lead]:
    """Nobody has looked at them yet, oldest first."""
    rows = Lead.objects.filter(state=Lead.OPEN).select_related(*_WITH)
    if organ_ids is not None:
        rows = rows.filter(organ_id__in=organ_ids)
    return list(rows.order_by("pk")[:limit])


def newest_leads(limit: int = 20) -> list[Lead]:
    return list(Lead.objects.select_related(*_WITH).order_by("-pk")[:limit])


def leads_of_case(number: str) -> list[Lead]:
    return list(
        Lead.objects.filter(evidence__subject_kind="case", evidence__subject_key=number).distinct().order_by("pk")
    )


def leads_with_cases() -> list[tuple[Lead, frozenset[str]]]:
    """Every lead with the numbers of the cases it shows: for a count over a whole (throw-away) city."""
    cases: dict[int, set[str]] = {}
    for lead_id, number in LeadEvidence.objects.filter(subject_kind="case").values_list("lead_id", "subject_key"):
        cases.setdefault(lead_id, set()).add(number)
    return [(lead, frozenset(cases.get(lead.pk, ()))) for lead in Lead.objects.order_by("pk")]


def leads_with_ratings() -> list[tuple[Lead, frozenset[str]]]:
    """The same with the numbers of the ratings it shows."""
    shown: dict[int, set[str]] = {}
    rows = LeadEvidence.objects.filter(subject_kind="rating")
    for lead_id, number in rows.values_list("lead_id", "subject_key"):
        shown.setdefault(lead_id, set()).add(number)
    return [(lead, frozenset(shown.get(lead.pk, ()))) for lead in Lead.objects.order_by("pk")]


def leads_by_organ(since: date, until: date) -> dict[int, dict[str, int]]:
    """Organ → rule → leads found from `since` to `until` and not dismissed."""
    rows = (
        Lead.objects.filter(found_on__gte=since, found_on__lte=until, organ__isnull=False)
        .exclude(state=Lead.DISMISSED)
        .order_by()
        .values("organ_id", "rule_code")
        .annotate(n=Count("pk"))
    )
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["organ_id"], {})[row["rule_code"]] = row["n"]
    return found


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """How a rule has done: what people made of its leads."""

    rule_code: str
    open: int
    confirmed: int
    dismissed: int

    @property
    def found(self) -> int:
        return self.open + self.confirmed + self.dismissed

    @property
    def settled(self) -> int:
        return self.confirmed + self.dismissed

    @property
    def confirmed_percent(self) -> int:
        """Of those somebody settled."""
        return round(100 * self.confirmed / self.settled) if self.settled else 0


def rule_records(since: date | None = None, until: date | None = None) -> list[RuleRecord]:
    """Open, confirmed and dismissed leads per rule."""
    rows = Lead.objects.all()
    if since is not None:
        rows = rows.filter(found_on__gte=since)
    if until is not None:
        rows = rows.filter(found_on__lte=until)
    counts = {state: Count("pk", filter=Q(state=state)) for state in Lead.STATES}
    found = rows.order_by("rule_code").values_list("rule_code").annotate(**counts)
    return [RuleRecord(*row) for row in found.values_list("rule_code", *Lead.STATES)]


def service_of(sources: Iterable[str], since: date, until: date) -> list[ExtendedHours]:
    """The service some schedules have registered for these days and hold still."""
    rows = ExtendedHours.objects.filter(source__in=list(sources), on__gte=since, on__lte=until)
    return list(rows.filter(withdrawn_from__isnull=True).order_by("on", "pk"))


def extended_hours(since: date, until: date) -> list[ExtendedHours]:
    return list(ExtendedHours.objects.select_related("organ").filter(on__gte=since, on__lte=until).order_by("on", "pk"))


# --- samples ---


def sample_of(month: str) -> Sample | None:
    return Sample.objects.filter(month=month).select_related("drawn_by").first()


def samples(limit: int = 24) -> list[Sample]:
    """Newest first, with how many of their files were looked at and found untrue."""
    looked = Count("files", filter=~Q(files__verdict=""))
    untrue = Count("files", filter=Q(files__verdict=SampleFile.UNTRUE))
    return list(
        Sample.objects.annotate(files_n=Count("files"), looked=looked, untrue=untrue).order_by("-month")[:limit]
    )


def sample_files(sample: Sample, *, after: int = 0, limit: int = PAGE) -> list[SampleFile]:
    rows = sample.files.select_related("organ", "item", "lead", "looked_by").filter(pk__gt=after)
    return list(rows.order_by("pk")[: limit + 1])


def sample_file_for(by: Acting, month: str, case_no: str) -> SampleFile:
    if not by.can(Ability.SEE_ALL):
        raise Refusal(RefusalCode.NOT_FOUND)
    row = SampleFile.objects.select_related("sample").filter(sample__month=month, case_no=case_no).first()
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return row


@dataclass(frozen=True, slots=True)
class SamplingResult:
    month: str
    population: int
    files: int
    looked_at: int
    untrue: int
    of_leads: int


def sampling_result(month: str) -> SamplingResult | None:
    """What the circular says of a month's spot check (§5.8); None while nothing was drawn."""
    sample = Sample.objects.filter(month=month).first()
    if sample is None:
        return None
    counts = sample.files.aggregate(
        files=Count("pk"),
        looked=Count("pk", filter=~Q(verdict="")),
        untrue=Count("pk", filter=Q(verdict=SampleFile.UNTRUE)),
        of_leads=Count("pk", filter=Q(origin=SampleFile.LEAD)),
    )
    return SamplingResult(
        month, sample.population, counts["files"], counts["looked"], counts["untrue"], counts["of_leads"]
    )


def finished_in(month: str, organ_id: int | None = None) -> list[str]:
    """Numbers of the cases finished in a month, oldest first."""
    rows = Trace.objects.filter(finished_month=month)
    if organ_id is not None:
        rows = rows.filter(organ_id=organ_id)
    return list(rows.order_by("pk").values_list("case_no", flat=True))


def checkpoint_after(month: str) -> Checkpoint | None:
    """The first checkpoint published after a month had ended: fixed before anybody could choose."""
    ended = start_of(_following(month))
    return Checkpoint.objects.filter(at__gte=ended).order_by("at", "pk").first()


def is_over(month: str, on: date) -> bool:
    return month < month_of(on)


def _following(month: str) -> date:
    year, number = (int(part) for part in month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1)


# --- good ratings asked about again ---


def good_ratings(month: str) -> dict[str, tuple[int, int | None]]:
    """Number → (organ, officer) of the good ratings of a month whose rater can be called."""
    first = date.fromisoformat(f"{month}-01")
    rows = Rating.objects.filter(
        given_at__gte=start_of(first), given_at__lt=start_of(_following(month)), level__lte=GOOD
    ).filter(~Q(node__phone_hash="") | Q(account__isnull=False))
    found = rows.order_by("pk").values_list("number", "organ_id", "node__officer_id")
    return {number: (organ, officer) for number, organ, officer in found}


def rating_samples(limit: int = 24) -> list[RatingSample]:
    """Newest first, with how many of their ratings were asked about and what was said."""
    done = Count("asked", filter=~Q(asked__result=""))
    unlike = Count("asked", filter=Q(asked__result__in=[AskedRating.WORSE, AskedRating.NOT_MINE]))
    rows = RatingSample.objects.annotate(all_n=Count("asked"), done=done, unlike=unlike)
    return list(rows.order_by("-month")[:limit])


def rating_sample_for(by: Acting, month: str) -> RatingSample:
    """Supervision, the centre, and who calls."""
    row = RatingSample.objects.filter(month=month).select_related("drawn_by").first()
    if row is None or not by.can(Ability.SEE_ALL, Ability.REVISIT):
        raise Refusal(RefusalCode.NOT_FOUND)
    return row


def asked_ratings(
    sample: RatingSample, *, open_only: bool = False, after: int = 0, limit: int = PAGE
) -> list[AskedRating]:
    rows = sample.asked.select_related("organ", "officer", "asked_by").filter(pk__gt=after)
    return list((rows.filter(result="") if open_only else rows).order_by("pk")[: limit + 1])


def asked_rating_for(by: Acting, month: str, number: str) -> AskedRating:
    row = AskedRating.objects.select_related("sample", "organ").filter(
        sample=rating_sample_for(by, month), rating_number=number
    )
    found = row.first()
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return found
