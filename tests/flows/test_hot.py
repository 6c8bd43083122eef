"""The one statement every step begins with grants exactly what the queries of lists and pages grant."""

import pytest

from tests.flows.acts import AT, AT_ONCE, OIL, bring
from tests.people import POSTS, PREPAID, SINCE, Cast, cast, drafted, hire
from zhengtong.base.permission import SYSTEM, Acting, ActorKind
from zhengtong.domains.cases import queries
from zhengtong.domains.cases.hot import candidates, case_for_step
from zhengtong.domains.cases.models import Case
from zhengtong.domains.registry import actions as registry
from zhengtong.domains.registry.models import Organ, Post, Section
from zhengtong.domains.registry.queries import applicant_acting
from zhengtong.flows import handle, submit
from zhengtong.rules.procedure import State
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast(OIL, AT_ONCE, PREPAID)


def elsewhere(people: Cast) -> dict[str, Organ]:
    """Officers of other organs: a bureau, the service centre whose window serves everybody, and its manager."""
    water = Organ.objects.create(
        code="91990100MB00000002", name="云泽市水利局", short_name="云水", region=people.region
    )
    centre = Organ.objects.create(
        code="91990100MB00000003", name="云泽市政务服务中心", short_name="云政", region=people.region, is_centre=True
    )
    section = Section.objects.create(organ=water, name="法规科")
    for name, organ, place, role in (
        ("何水", water, section, Role.HANDLER),
        ("万能", centre, None, Role.WINDOW),
        ("总管", centre, None, Role.CENTRE_MANAGER),
        ("水监", water, None, Role.SUPERVISOR),
        ("水管", water, None, Role.ADMINISTRATOR),
        ("水替", water, None, Role.WINDOW),
    ):
        people.officers[name] = hire(organ, place, name, f"other-{name}", role)
    return {"water": water, "centre": centre}


def world(people: Cast) -> tuple[dict[str, Acting], list[Case]]:
    organs = elsewhere(people)
    cases = [
        bring(people, state, number)
        for number, state in enumerate((State.SUBMITTED, State.PROCESSING, State.REVIEWING, State.DELIVERED), start=1)
    ]
    own = drafted(people, 9, PREPAID)
    own.enterprise = None
    own.save()
    cases.append(submit.submit(own, seen=own.draft_version, by=people.applicant, at=AT))
    foreign = bring(people, State.SUBMITTED, 10)
    Case.objects.filter(pk=foreign.pk).update(organ=organs["water"], section=None)
    cases.append(foreign)
    consulted = bring(people, State.PROCESSING, 11)
    holder = next(n for n, o in people.officers.items() if o.pk == consulted.holder_id)
    handle.consult(
        consulted.number, section_id=Section.objects.get(name="法规科").pk, question="？", seen=None,
        by=people.acting(holder), at=AT,
    )  # fmt: skip
    cases.append(consulted)
    registry.substitute(
        people.officers["王芳"], people.officers["水替"], since=AT.date(), until=AT.date(), reason="公出",
        by=people.acting("王芳"), at=AT,
    )  # fmt: skip
    crowd = {name: people.acting(name) for name in people.officers}
    crowd |= {
        "own account": people.applicant,
        "own account as a person": applicant_acting(people.citizen),
        "another account": people.other,
        "another account with the enterprise": applicant_acting(people.stranger, people.enterprise),
        "nobody's account": Acting(kind=ActorKind.APPLICANT, id=None, name=""),
        "an officer without posts": Acting(kind=ActorKind.OFFICER, id=999_999, name=""),
        "the system": SYSTEM,
    }
    return crowd, [Case.objects.get(pk=case.pk) for case in cases]


def found(fetch, by: Acting, number: str) -> int | str:
    try:
        return fetch(by, number).pk
    except Refusal as refusal:
        return "not found" if refusal.code is RefusalCode.NOT_FOUND else str(refusal)


def test_the_fast_look_and_the_plain_one_agree_for_everybody_and_every_case(people: Cast) -> None:
    crowd, cases = world(people)
    answers = {}
    for name, by in crowd.items():
        for case in cases:
            fast, plain = found(case_for_step, by, case.number), found(queries.case_for, by, case.number)
            assert fast == plain, (name, case.number, case.state)
            answers[name, case.pk] = fast
        seen = {case.pk for case in queries.files(by, limit=100)}
        assert seen <= {case.pk for case in cases if answers[name, case.pk] != "not found"}, name
    assert len({answer for answer in answers.values() if answer == "not found"}) == 1  # there were some of both
    assert found(case_for_step, SYSTEM, "no such number") == "not found"


def test_who_sees_what(people: Cast) -> None:
    """The same said by name, so that nobody has to trust that two mistakes agree."""
    crowd, cases = world(people)
    submitted, processing, reviewing, delivered, personal, foreign, consulted = cases
    ours = {submitted, processing, reviewing, delivered, personal, consulted}
    expected = {
        "李军": ours, "张敏": ours, "王芳": ours, "赵强": ours, "孙丽": ours,
        "吴涛": ours | {foreign}, "万能": ours | {foreign}, "总管": ours | {foreign}, "水监": ours | {foreign},
        "何水": {foreign, consulted}, "水替": {foreign, *ours},  # stands in for 王芳, so for her post too
        "own account": ours | {foreign}, "own account as a person": {personal}, "another account": set(), "another account with the enterprise": ours - {personal} | {foreign},
        "nobody's account": set(), "an officer without posts": set(),
        # who keeps people, items or the system has no business in a case
        "郑凯": set(), "冯雪": set(), "卫平": set(), "水管": set(),
    }  # fmt: skip
    for name, cases_seen in expected.items():
        got = {case for case in cases if found(case_for_step, crowd[name], case.number) != "not found"}
        assert got == cases_seen, name


def test_the_fast_list_of_candidates_is_who_the_posts_say(people: Cast) -> None:
    crowd, cases = world(people)
    case = cases[0]
    for role in Role:
        got = [c.officer for c in candidates(case, role, on=AT.date())]
        want = {
            post.officer_id
            for post in Post.objects.filter(role=role.value, organ_id=case.organ_id, since__lte=AT.date())
            if post.section_id in (None, case.section_id)
        }
        assert (set(got), len(got)) == (want, len(want)), role
    loads = [c.load for c in candidates(case, Role.HANDLER, on=AT.date())]
    assert loads == sorted(loads)
    held = {c.officer: c.load for c in candidates(case, Role.HANDLER, on=AT.date())}
    for officer, load in held.items():
        assert load == Case.objects.filter(holder_id=officer).exclude(state__in=queries.CLOSED_STATES).count()
    assert [c.name for c in candidates(case, Role.REVIEWER, on=SINCE.replace(year=2019))] == []
    assert set(POSTS) <= set(crowd)
