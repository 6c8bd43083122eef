"""Every route of the house as everybody, GET and POST: the answers stand in `permission_table.py`, line by line.

A route without a line fails here, with the line to paste; read it against `rules/roles.py` before you paste it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

from tests.flows.acts import OIL, bring, defect, holder
from tests.flows.scores import LOCKED, PUBLISHED, SEPTEMBER, month_of_three
from tests.hall import walked
from tests.people import AT, POSTS, PREPAID, SINCE, Cast, account, cast, decided, drafted, hire, submitted
from tests.web.appointed import appointed
from tests.web.lettered import lettered
from tests.web.permission_table import TABLE
from tests.web.portal import signed_in
from tests.web.world_devices import machined
from tests.web.world_rectifications import rectified
from tests.web.world_voice import voiced
from zhengtong.base.files.store import store_own
from zhengtong.base.outbox.models import Message
from zhengtong.base.permission import SYSTEM
from zhengtong.base.seal.actions import seal_and_publish
from zhengtong.base.seal.queries import size as seal_size
from zhengtong.domains.applications.models import SubmittedMaterial
from zhengtong.domains.authenticity import actions as authenticity
from zhengtong.domains.authenticity.models import Sample, SampleFile
from zhengtong.domains.cases.models import Case, Consultation, Paper
from zhengtong.domains.messaging import actions as messaging
from zhengtong.domains.orders.models import Attachment
from zhengtong.domains.ratings import actions as ratings
from zhengtong.domains.ratings import names as rating_names
from zhengtong.domains.registry import actions as registry
from zhengtong.domains.registry.models import Account, Mandate, Organ, Post, Section, Substitution
from zhengtong.domains.registry.queries import applicant_acting
from zhengtong.domains.supervision import trial
from zhengtong.domains.supervision.actions import raise_card
from zhengtong.domains.supervision.models import CardFile
from zhengtong.exchange.mail import stop_token
from zhengtong.flows import (
    card_answered,
    draw_paper,
    handle,
    order_accountability,
    order_issued,
    order_received,
    order_replied,
    request_supplement,
    submit,
)
from zhengtong.flows.bulletin_drafted import bulletin_drafted
from zhengtong.flows.rating_given import rate
from zhengtong.flows.score_appealed import score_appealed
from zhengtong.flows.score_locked import score_locked
from zhengtong.rules.authenticity.suspicion import Scope, Shown, Suspicion
from zhengtong.rules.clock import Level
from zhengtong.rules.merkle_tiles import tile_at
from zhengtong.rules.orders import Measure, OrderKind
from zhengtong.rules.procedure import State
from zhengtong.rules.roles import Role
from zhengtong.rules.scoring_quantities import Subject
from zhengtong.rules.supervision.findings import Evidence, Finding

pytestmark = pytest.mark.django_db
# Who knocks. The owner acts for the enterprise whose case it is; the agent has its mandate, the former agent had it.
OFFICERS = {
    "window": "张敏", "handler": "李军", "reviewer": "王芳", "approver": "赵强", "head": "孙丽", "supervisor": "吴涛",
    "administrator": "郑凯", "editor": "冯雪", "checker": "卫平", "manager": "蒋华", "guide": "罗婉秋",
    "letters": "何清语", "integrity": "孟守正", "village": "陶莲花", "foreign": "何水",
}  # fmt: skip
CITIZENS = ("owner", "owner_alone", "agent", "former", "other")
EVERYBODY = ("nobody", *CITIZENS, *OFFICERS)
METHODS = ("GET", "POST")


def routes() -> Iterator[tuple[str, tuple[str, ...]]]:
    """(name, parameters) of every address of the URL configuration."""

    def walk(resolver: URLResolver, space: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLPattern):
                yield f"{space}{pattern.name}", tuple(pattern.pattern.converters)
            else:
                yield from walk(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)

    yield from walk(get_resolver(), "")


ROUTES = dict(routes())


@dataclass
class World:
    people: Cast
    clients: dict[str, Client]
    case: Case  # of the enterprise, with a handler who asked another section
    parameters: dict[str, Any]
    special: dict[str, dict[str, Any]]

    def address(self, name: str, **others: Any) -> str:
        known = {**self.parameters, **self.special.get(name, {}), **others}
        return reverse(name, kwargs={parameter: known[parameter] for parameter in ROUTES[name]})

    def answer(self, who: str, method: str, address: str) -> int:
        """The status, and nothing else: what the request changed is rolled back."""
        cache.clear()
        client = self.clients[who]
        with transaction.atomic():
            response = client.get(address) if method == "GET" else client.post(address)
            if response.streaming:
                b"".join(response)
            transaction.set_rollback(True)
        return response.status_code


def make_world() -> World:
    people = cast(PREPAID, OIL)
    water = Organ.objects.create(
        code="91990100MB00000002", name="云泽市水利局", short_name="云水", region=people.region
    )
    law = Section.objects.create(organ=people.organ, name="法规科")
    people.officers["何水"] = hire(water, None, "何水", "water", Role.WINDOW)
    checker_post = Post.objects.create(
        officer=people.officers["卫平"], role=Role.LEGAL_CHECKER.value, organ=people.organ, section=law, since=SINCE
    )
    agent, former = _agent(people, "zhou", "周晓", date(2099, 1, 1)), _agent(people, "wu", "吴远", date(2021, 1, 1))
    case = bring(people, State.PROCESSING, 1)
    question = handle.consult(
        case.number, section_id=law.pk, question="是否需要听证？", seen=None, by=holder(people, case), at=AT
    )
    asked = submitted(people, 2, OIL)
    request_supplement.request_supplement(
        asked.number, [defect(people, asked)], seen=None, by=people.acting("张敏"), at=AT
    )
    done = decided(people, 3)
    papers = {paper.case_id: paper for paper in Paper.objects.order_by("id")}
    for paper in papers.values():
        draw_paper.draw_paper(paper, at=AT)
    draft = drafted(people, 4)
    dead = Message.objects.create(
        key="dead",
        channel=Message.MAIL,
        kind="case.accepted",
        state=Message.DEAD,
        created_at=AT,
        address="a@example.com",
    )
    substitution = Substitution.objects.create(
        principal=people.officers["王芳"],
        deputy=people.officers["周洋"],
        since=date(2020, 1, 1),
        until=date(2020, 1, 2),
    )
    mine = Message.objects.filter(account_id=people.citizen.pk).latest("id")
    document = people.item(PREPAID)
    parameters = {
        "number": case.number, "uid": papers[case.pk].uid, "material_id": _material(case).pk, "item_code": document.item_code,
        "code": document.item_code, "consultation_id": question.pk, "message_id": mine.pk, "message": dead.pk,
        "key": "notice.days", "staff_no": "checker", "post": checker_post.pk, "row": substitution.pk, "older": 1, "newer": 1,
        "part": "basic", "name": "note", "organ_code": people.organ.code, "year_number": 2026, "revision": 1, "section": "",
    }  # fmt: skip
    draft_file = SubmittedMaterial.objects.filter(application=draft).first()
    assert draft_file is not None
    section = next(iter(draft.answers))
    special: dict[str, dict[str, Any]] = {
        name: {"uid": draft.uid, "material_id": draft_file.pk, "section": section}
        for name, wanted in ROUTES.items()
        if name.startswith("portal:") and "uid" in wanted and "number" not in wanted
    }
    special |= {name: {"number": 1} for name in ROUTES if name.startswith("desk:item_")}
    special |= {
        "watch:statistics_export": {"form": "csv"},
        "watch:insight_part": {"part": "times"},
        "watch:insight_table": {"part": "map", "key": "edges"},
        "watch:insight_export": {"form": "xes"},
        "portal:supplement": {"number": asked.number},
        "desk:supplements_brought": {"number": asked.number},
        "portal:submitted": {"number": asked.number},
        "portal:revoke_mandate": {"key": Mandate.objects.get(agent__account=agent).key},
    }
    special |= _ordered(people, case)
    special |= _carded(people, case)
    special |= _led(people, case)
    special |= _scored(people)
    special |= voiced(people)
    special |= machined(people)
    special |= walked(people)
    special |= _rated(people)
    special |= _told(people)
    special |= rectified(people)
    special |= appointed(people)
    special |= lettered(people)
    seal_and_publish(at=AT)
    special["portal:log_handover"] = {"identity": "00000000"}  # no key has been changed
    special["portal:log_tile"] = {"path": tile_at(0, 0, seal_size()).path.removeprefix("tile/")}
    clients = {"nobody": Client()}
    for name, person in (
        ("owner", people.citizen), ("owner_alone", people.citizen), ("agent", agent), ("former", former), ("other", people.stranger),
    ):  # fmt: skip
        clients[name] = signed_in(person)
    for name in ("owner", "agent", "former"):
        clients[name].post(reverse("accounts:acting"), {"enterprise": people.enterprise.pk})
    for role, name in OFFICERS.items():
        own = people.officers[name].account
        assert own is not None
        clients[role] = signed_in(own)
    assert done.state == "DECIDED"
    return World(people, clients, case, parameters, special)


def _agent(people: Cast, login: str, name: str, until: date) -> Account:
    """A citizen with a mandate of the enterprise, given by its legal representative."""
    own = account(login, name)
    person = registry.register_person(key=f"person-{login}", name=name, account=own, fictitious=True, by=SYSTEM, at=AT)
    registry.give_mandate(
        key=str(UUID(int=own.pk)), agent=person, enterprise=people.enterprise, principal=None, since=date(2020, 1, 1),
        until=until, scope="", by=people.applicant, at=AT,
    )  # fmt: skip
    return own


def _told(people: Cast) -> dict[str, dict[str, Any]]:
    """A template, a guest, and the link in a mail of the citizen; at every route of theirs."""
    guest = messaging.list_guest("13800001234", note="试用", key="guest-1", by=people.acting("郑凯"), at=AT)
    return {
        "desk:template": {"kind": "case.accepted"},
        "desk:guest_strike": {"guest": guest.key},
        "portal:stop_messages": {"token": stop_token(people.citizen.pk, "case.submitted")},
    }


def _rated(people: Cast) -> dict[str, dict[str, Any]]:
    """Services of the citizen to rate, one rated with words; links to a third; at every route of theirs."""
    at = timezone.now()
    first, second, third = (
        ratings.open_node(
            "letter", ("letter", f"R{number}"), organ_id=people.organ.pk, account_id=people.citizen.pk, opened_at=at,
            by=SYSTEM, at=at,
        )
        for number in range(3)
    )  # fmt: skip
    alone = applicant_acting(people.citizen)
    given = rate(second.key, level=2, channel="pc", text="很好", by=alone, at=at)
    return {
        "portal:rate": {"key": first.key},
        "portal:rated": {"key": second.key},
        "portal:rate_more": {"key": second.key},
        "portal:rate_link": {"token": rating_names.token(third.key, rating_names.SMS)},
        "portal:rate_send": {"token": rating_names.token(third.key, rating_names.SLIP)},
        "desk:enter_rating_of": {"key": first.key},
        "desk:rating_text": {"number": given.number},
        "watch:rating_export": {"form": "csv"},
    }


def _scored(people: Cast) -> dict[str, dict[str, Any]]:
    """A locked month with a dispute, and a circular being drafted; at every route of theirs."""
    month_of_three(people)
    for subject in Subject:
        score_locked(subject, SEPTEMBER, by=people.acting("吴涛"), at=LOCKED)
    appeal = score_appealed("officer-handler-2026-09", "own_time", "请核对起算日", by=people.acting("李军"), at=LOCKED)
    circular = bulletin_drafted(SEPTEMBER, by=people.acting("吴涛"), at=PUBLISHED).journal_key
    key = f"organ-{people.organ.code}-2026-09"
    return {
        "watch:score": {"key": key},
        "watch:score_step": {"key": key, "name": "appeal"},
        "watch:score_month": {"of": "organ", "month": "2026-09", "name": "publish"},
        "watch:score_table": {"code": "department", "number": 1},
        "watch:score_table_edit": {"code": "department"},
        "watch:score_table_approve": {"code": "department"},
        "watch:peer_group": {"code": "lawful"},
        "watch:score_appeal": {"number": appeal.pk},
        "watch:bulletin": {"key": circular},
        "watch:bulletin_paper": {"key": circular},
        "watch:bulletin_step": {"key": circular, "name": "edit"},
    }


def _ordered(people: Cast, case: Case) -> dict[str, dict[str, Any]]:
    """An order with an answer and its evidence, and what is recorded about the handler; at every route of theirs."""
    order = order_issued.issue_order(
        ("finding", ""), people.organ.pk, None, "材料多次退回", "请核实。", OrderKind.NORMAL, case_no=case.number,
        by=people.acting("吴涛"), at=AT,
    )  # fmt: skip
    order_received.receive_order(order.number, seen=None, by=people.acting("李军"), at=AT)
    file = store_own(b"%PDF", "application/pdf", at=AT)
    order_replied.reply_to_order(
        order.number, text="已整改。", files=[(file, "证明.pdf")], seen=None, by=people.acting("李军"), at=AT
    )
    row = order_accountability.record_admonition(
        staff_no="handler", measure=Measure.TALK, reason="逾期两次。", decided_by="云泽市商务局", decided_on=AT.date(),
        tolerance_note="不适用。", by=people.acting("吴涛"), at=AT,
    )  # fmt: skip
    known = {"number": order.number, "uid": order.papers.get().uid, "attachment_id": Attachment.objects.get().pk}
    doors = ("order", "order_step", "order_paper", "order_file")
    return {
        **{f"watch:{door}": {**known, "name": "verify"} for door in doors},
        **{f"desk:{door}": {**known, "name": "reply"} for door in doors},
        "watch:admonition": {"number": row.number},
        "watch:admonition_step": {"number": row.number, "name": "lift"},
        "desk:admonition": {"number": row.number},
    }


def _carded(people: Cast, case: Case) -> dict[str, dict[str, Any]]:
    """A yellow card of the handler, answered with a file, and a trial of its rule; at every route of theirs."""
    found = Finding(
        "T-02", Level.YELLOW, "case", case.number, people.organ.pk, people.section.pk, people.officers["李军"].pk,
        (Evidence("case", case.number, 2),), {"key": case.number, "due": "2026-09-20"},
    )  # fmt: skip
    card = raise_card(found, by=SYSTEM, at=AT)
    assert card is not None
    file = store_own(b"%PDF", "application/pdf", at=AT)
    card_answered.answer(
        card.number,
        cause="人手不足。",
        measure="增派人手。",
        files=[(file, "说明.pdf")],
        by=people.acting("李军"),
        at=AT,
    )
    row = trial.start(
        "T-01", {"levels": {"remind": -5}, "thresholds": {}}, since=SINCE.replace(year=2026), until=AT.date(),
        by=people.acting("吴涛"), at=AT,
    )  # fmt: skip
    known = {"number": card.number, "file_id": CardFile.objects.get().pk}
    doors = ("card", "card_step", "card_file")
    return {
        **{f"watch:{door}": {**known, "name": "close"} for door in doors},
        **{f"desk:{door}": {**known, "name": "answer"} for door in doors},
        "watch:rule": {"code": "T-01"},
        "watch:trial": {"trial_id": row.pk},
    }


def _material(case: Case) -> SubmittedMaterial:
    found = SubmittedMaterial.objects.filter(application__case=case, file__isnull=False).first()
    assert found is not None
    return found


def _led(people: Cast, case: Case) -> dict[str, dict[str, Any]]:
    """An open lead about the case, and a drawn sample that holds it."""
    shown = Shown("after_hours", case.number, 2, AT, people.officers["李军"].pk)
    suspicion = Suspicion("D-03", Scope.OFFICER, "1", (shown,), organ_id=people.organ.pk)
    lead = authenticity.find([suspicion], at=AT)[0]
    sample = Sample.objects.create(
        month="2026-08", root="0" * 64, tree_size=1, population=1, drawn=1, percent=5, drawn_at=AT
    )
    SampleFile.objects.create(
        sample=sample, case_no=case.number, organ=people.organ, item=case.item, origin=SampleFile.RANDOM, rank="0"
    )
    return {
        **{f"watch:{name}": {"number": lead.number} for name in ("lead", "lead_confirm", "lead_dismiss")},
        "watch:sample": {"month": sample.month},
        "watch:sample_judge": {"month": sample.month, "number": case.number},
    }


@pytest.fixture
def world() -> World:
    return make_world()


# --- the table ---


def line(name: str, method: str, statuses: dict[str, int]) -> str:
    """One line of the table, as it would be pasted: status → who."""
    by_status: dict[int, list[str]] = {}
    for who in EVERYBODY:
        by_status.setdefault(statuses[who], []).append(who)
    told = ", ".join(f'{status}: "{shortly(by_status[status])}"' for status in sorted(by_status))
    return f'    ("{name}", "{method}"): {{{told}}},'


WORDS = {"everybody": EVERYBODY, "citizens": CITIZENS, "officers": tuple(OFFICERS)}


def shortly(people: list[str]) -> str:
    for word, members in WORDS.items():
        if set(members) <= set(people):
            people = [word, *(who for who in people if who not in members)]
    return " ".join(people)


def spelled(words: str) -> list[str]:
    return [who for word in words.split() for who in WORDS.get(word, (word,))]


def tabled(name: str, method: str) -> dict[str, int] | None:
    row = TABLE.get((name, method))
    return None if row is None else {who: status for status, people in row.items() for who in spelled(people)}


def test_every_route_has_its_two_lines() -> None:
    wanted = {(name, method) for name in ROUTES for method in METHODS}
    assert wanted - TABLE.keys() == set(), "run test_answers_are_as_the_table_says for the lines to paste"
    assert TABLE.keys() - wanted == set(), "lines of routes that are gone"
    for (name, method), row in TABLE.items():
        people = [who for those in row.values() for who in spelled(those)]
        assert sorted(people) == sorted(EVERYBODY), (name, method)


GROUPS = sorted({name.partition(":")[0] if ":" in name else "" for name in ROUTES})


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("group", GROUPS)
def test_answers_are_as_the_table_says(world: World, group: str, method: str) -> None:
    wrong = []
    for name in ROUTES:
        if (name.partition(":")[0] if ":" in name else "") != group:
            continue
        found = {who: world.answer(who, method, world.address(name)) for who in EVERYBODY}
        if found != tabled(name, method):
            wrong.append(line(name, method, found))
    assert not wrong, "not as in tests/web/permission_table.py:\n" + "\n".join(wrong)


# --- guessing ---

OBJECT = {"number", "uid", "material_id", "message_id", "consultation_id"}
PUBLIC = ("portal:track", "portal:typical", "portal:open311")  # by a slip, or published for everybody
OWN_DOORS = [n for n in ROUTES if n.startswith("portal:") and OBJECT & set(ROUTES[n]) and not n.startswith(PUBLIC)]


@pytest.mark.parametrize("method", METHODS)
def test_what_is_somebody_elses_is_not_there(world: World, method: str) -> None:
    """The same answer as for what does not exist, so that no number can be tried out."""
    for name in OWN_DOORS:
        address = world.address(name)
        for who in ("other", "former"):
            status = world.answer(who, method, address)
            assert status in (404, 405), (name, who, status)
        # A letter is also followed by its slip, so that nobody is sent to sign in: it is not there.
        assert world.answer("nobody", method, address) in (302, 404, 405), name


def test_numbers_beside_ones_own_lead_nowhere(world: World) -> None:
    """Sequential ids and numbers of others, asked for by people who own something of the kind themselves."""
    theirs = submitted_by_other(world)
    paper = Paper.objects.filter(case=theirs).latest("id")
    draw_paper.draw_paper(paper, at=AT)
    file = _material(theirs)
    message = Message.objects.filter(account_id=world.people.stranger.pk).latest("id")
    own_paper = world.parameters["uid"]
    draft = world.special["portal:draft"]["uid"]
    for name, others in (
        ("portal:case", {"number": theirs.number}),
        ("portal:clock", {"number": theirs.number}),
        ("portal:paper", {"number": theirs.number, "uid": paper.uid}),
        ("portal:paper", {"uid": paper.uid}),  # another's paper under one's own number
        ("portal:paper", {"number": theirs.number, "uid": own_paper}),
        ("portal:draft", {"uid": theirs.application.uid}),
        ("portal:draft", {"uid": UUID(int=77)}),
        ("portal:material_file", {"uid": draft, "material_id": file.pk}),
        ("portal:material_file", {"uid": draft, "material_id": 10**9}),
        ("portal:case", {"number": "9901002026092410000009"}),
        ("portal:tracked", {"number": theirs.number}),
    ):
        status = world.answer("owner", "GET", world.address(name, **others))
        assert status == 404 or (name == "portal:tracked" and status == 302), (name, others, status)
    for number in (message.pk, 10**9):  # opened by a click that marks it read
        assert world.answer("owner", "POST", world.address("portal:message", message_id=number)) == 404
    foreign = Case.objects.get(pk=theirs.pk)
    Case.objects.filter(pk=foreign.pk).update(organ=Organ.objects.get(name="云泽市水利局"), section=None)
    for name, others in (
        ("desk:case", {"number": foreign.number}),
        ("desk:material", {"number": foreign.number, "material_id": file.pk}),
        ("desk:material", {"material_id": file.pk}),  # another case's file under one's own number
        ("desk:paper", {"uid": paper.uid}),
        ("desk:case", {"number": "9901002026092410000009"}),
    ):
        assert world.answer("handler", "GET", world.address(name, **others)) == 404, (name, others)
    question = Consultation.objects.get(pk=world.parameters["consultation_id"])
    said = {"agrees": "yes", "text": "同意。"}
    for who, consultation in (("handler", question.pk), ("foreign", question.pk), ("checker", question.pk + 1)):
        address = world.address("desk:answer", consultation_id=consultation)
        assert world.clients[who].post(address, said).status_code == 404, who
    assert world.clients["checker"].post(world.address("desk:answer"), said).status_code == 302


def submitted_by_other(world: World) -> Case:
    """A case of the other citizen, who owns no enterprise."""
    draft = drafted(world.people, 50, PREPAID)
    draft.account, draft.person, draft.enterprise = world.people.stranger, None, None
    draft.save()
    return submit.submit(draft, seen=draft.draft_version, by=world.people.other, at=AT)


def test_the_cast_holds_every_role() -> None:
    assert {POSTS[name][1] for name in OFFICERS.values() if name in POSTS} == set(Role)
