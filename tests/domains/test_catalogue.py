"""An item from its first draft to its retirement, as editor, checker and citizen see it."""

import copy
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from tests.rules.documents import changed, demo_documents, prepaid_card
from zhengtong.base import journal
from zhengtong.base.journal.models import Entry
from zhengtong.base.permission import SYSTEM, Acting, ActorKind, PostHeld
from zhengtong.domains.catalogue import actions, queries
from zhengtong.domains.catalogue.models import Facet, Item, ItemVersion
from zhengtong.domains.registry.models import Officer, Organ, Region
from zhengtong.rules.item_document import empty
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CODE = "11990100MB0101741G3991021011000"


@pytest.fixture(autouse=True)
def _fresh_editions() -> None:
    queries.forget_editions()


@pytest.fixture
def bureau() -> Organ:
    region = Region.objects.create(code="990100", name="云泽市", level=3)
    return Organ.objects.create(code="11990100MB0101741G", name="云泽市商务局", short_name="云商", region=region)


def officer(organ: Organ, staff_no: str, role: Role) -> Acting:
    row = Officer.objects.create(staff_no=staff_no, name=f"工作人员{staff_no}", organ=organ)
    return Acting(ActorKind.OFFICER, row.pk, row.name, (PostHeld(role, organ.pk),))


@pytest.fixture
def editor(bureau: Organ) -> Acting:
    return officer(bureau, "SW001", Role.CATALOGUE_EDITOR)


@pytest.fixture
def checker(bureau: Organ) -> Acting:
    return officer(bureau, "SF001", Role.LEGAL_CHECKER)


@pytest.fixture
def published(bureau: Organ, editor: Acting, checker: Acting) -> ItemVersion:
    version = actions.create_draft(prepaid_card(), by=editor, at=AT)
    actions.send_to_check(version.pk, by=editor, at=AT)
    actions.check(version.pk, passed=True, by=checker, at=AT)
    return actions.publish(version.pk, by=editor, at=AT)


def refused(code: RefusalCode, act: Any, *args: Any, **kwargs: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*args, **kwargs)
    assert caught.value.code == code
    return caught.value


def faults(item: Item) -> list[str]:
    item.refresh_from_db()
    entries = Entry.objects.filter(subject_kind="item", subject_key=item.item_code).order_by("seq")
    return journal.check_subject(item, list(entries))


def kinds() -> list[str]:
    return list(
        Entry.objects.filter(subject_kind="item", subject_key=CODE).order_by("seq").values_list("kind", flat=True)
    )


def test_the_whole_way_of_an_item_stands_in_its_journal(published: ItemVersion, editor: Acting) -> None:
    item = queries.published_item(CODE)
    assert (item.status, item.current_version_id, item.name) == ("published", published.pk, published.name)
    assert kinds() == ["item.created", "item.sent_to_check", "item.checked", "item.published"]
    assert faults(item) == []
    actions.suspend(CODE, reason="系统升级", by=editor, at=AT)
    refused(RefusalCode.ITEM_SUSPENDED, queries.published_item, CODE)
    actions.resume(CODE, by=editor, at=AT)
    assert queries.published_item(CODE).takes_applications
    actions.retire(CODE, basis="全国人大常委会2022年12月30日决定", by=editor, at=AT)
    refused(RefusalCode.ITEM_RETIRED, queries.published_item, CODE)  # C-10
    shown, document = queries.shown_item(CODE)
    assert (shown.status, document["name"]) == ("retired", prepaid_card()["name"])  # the guide stays readable (§9.3)
    assert kinds()[-3:] == ["item.suspended", "item.resumed", "item.retired"]
    assert faults(shown) == []


@pytest.mark.parametrize("document", demo_documents(), ids=lambda d: d["item_code"])
def test_a_document_comes_back_as_it_was_stored(bureau: Organ, document: dict[str, Any]) -> None:
    Organ.objects.get_or_create(code=document["implementing_org"], defaults={"name": "部门", "region": bureau.region})
    version = actions.create_draft(copy.deepcopy(document), by=SYSTEM, at=AT)
    assert queries.document(version.pk) == document
    assert version.digest == actions.digest(document)


def test_an_empty_draft_can_be_kept_and_all_its_faults_are_told_at_once(bureau: Organ, editor: Acting) -> None:
    draft = empty("SW-1", "新事项") | {"implementing_org": bureau.code}
    version = actions.create_draft(draft, by=editor, at=AT)
    refusal = refused(RefusalCode.ITEM_BREAKS_RULES, actions.send_to_check, version.pk, by=editor, at=AT)
    assert {"C-01", "C-02", "C-04", "L-01"} <= {finding.rule for finding in refusal.facts["findings"]}  # type: ignore[attr-defined]  # facts are objects
    refused(RefusalCode.ITEM_BREAKS_RULES, actions.publish, version.pk, by=SYSTEM, at=AT)


def test_a_bad_shape_is_refused_with_every_place(bureau: Organ, editor: Acting) -> None:
    bad = prepaid_card() | {"charges_fee": "no", "channels": ["7"]}
    refusal = refused(RefusalCode.ITEM_DOCUMENT_INVALID, actions.create_draft, bad, by=editor, at=AT)
    assert refusal.facts["count"] == 2
    assert not Item.objects.exists()


def test_nobody_checks_their_own_work(bureau: Organ, editor: Acting, checker: Acting) -> None:
    both = Acting(ActorKind.OFFICER, editor.id, editor.name,
                  (*editor.posts, PostHeld(Role.LEGAL_CHECKER, bureau.pk)))  # fmt: skip
    version = actions.create_draft(prepaid_card(), by=both, at=AT)
    actions.send_to_check(version.pk, by=both, at=AT)
    refused(RefusalCode.ITEM_CHECK_OWN_WORK, actions.check, version.pk, passed=True, by=both, at=AT)
    assert actions.check(version.pk, passed=True, by=checker, at=AT).status == "checked"


def test_the_checker_sends_back_with_a_reason(bureau: Organ, editor: Acting, checker: Acting) -> None:
    version = actions.create_draft(prepaid_card(), by=editor, at=AT)
    actions.send_to_check(version.pk, by=editor, at=AT)
    refused(RefusalCode.ITEM_REASON_MISSING, actions.check, version.pk, passed=False, by=checker, at=AT)
    back = actions.check(version.pk, passed=False, opinion="依据条号不全", by=checker, at=AT)
    assert (back.status, back.check_opinion) == ("draft", "依据条号不全")


def test_only_a_checked_version_is_published_and_editing_undoes_the_check(
    bureau: Organ, editor: Acting, checker: Acting
) -> None:
    version = actions.create_draft(prepaid_card(), by=editor, at=AT)
    refused(RefusalCode.ITEM_WRONG_STATUS, actions.publish, version.pk, by=editor, at=AT)
    actions.send_to_check(version.pk, by=editor, at=AT)
    actions.check(version.pk, passed=True, by=checker, at=AT)
    actions.edit_draft(version.pk, prepaid_card() | {"quota_note": "每年100家"}, by=editor, at=AT)
    refused(RefusalCode.ITEM_WRONG_STATUS, actions.publish, version.pk, by=editor, at=AT)


def test_a_new_version_leaves_the_old_one_as_it_was(published: ItemVersion, editor: Acting, checker: Acting) -> None:
    before = queries.edition(published.pk)
    draft = actions.open_draft(CODE, by=editor, at=AT)
    refused(RefusalCode.ITEM_DRAFT_EXISTS, actions.open_draft, CODE, by=editor, at=AT)
    actions.edit_draft(draft.pk, changed("promised_limit.amount", 8), by=editor, at=AT)
    assert queries.published_item(CODE).current_version_id == published.pk  # until it is published
    changes = queries.changes(published.pk, draft.pk)
    assert [(c.element, c.after["amount"]) for c in changes] == [("promised_limit", 8)]
    actions.send_to_check(draft.pk, by=editor, at=AT)
    actions.check(draft.pk, passed=True, by=checker, at=AT)
    actions.publish(draft.pk, by=editor, at=AT)
    assert [v.status for v in queries.versions(queries.item_for(CODE))] == ["published", "superseded"]
    assert queries.edition(published.pk) == before
    refused(RefusalCode.ITEM_VERSION_NOT_OPEN, actions.edit_draft, published.pk, prepaid_card(), by=editor, at=AT)


def test_a_page_opened_before_somebody_elses_change_is_refused(bureau: Organ, editor: Acting) -> None:
    version = actions.create_draft(prepaid_card(), by=editor, at=AT)
    seen = version.item.version
    actions.edit_draft(version.pk, prepaid_card() | {"quota_note": "甲"}, by=editor, at=AT, seen=seen)
    refused(RefusalCode.STALE, actions.edit_draft, version.pk, prepaid_card() | {"quota_note": "乙"},
            by=editor, at=AT, seen=seen)  # fmt: skip
    assert queries.document(version.pk)["quota_note"] == "甲"


def test_what_an_editor_may_not(published: ItemVersion, bureau: Organ, editor: Acting, checker: Acting) -> None:
    other = Organ.objects.create(
        code="11990100MB0091010M", name="云泽市行政审批局", short_name="云审", region=bureau.region
    )
    stranger = officer(other, "XZ001", Role.CATALOGUE_EDITOR)
    citizen = Acting(ActorKind.APPLICANT, 1, "张三")
    for somebody in (stranger, citizen, checker):
        refused(RefusalCode.PERMISSION_MISSING, actions.open_draft, CODE, by=somebody, at=AT)
    draft = actions.open_draft(CODE, by=editor, at=AT)
    renamed = prepaid_card() | {"item_code": "X-1"}
    refused(RefusalCode.ITEM_CODE_FIXED, actions.edit_draft, draft.pk, renamed, by=editor, at=AT)
    refused(RefusalCode.ITEM_NOTHING_CHANGED, actions.edit_draft, draft.pk, prepaid_card(), by=editor, at=AT)
    refused(RefusalCode.ITEM_EXISTS, actions.create_draft, prepaid_card(), by=editor, at=AT)
    nowhere = prepaid_card() | {"item_code": "X-2", "implementing_org": "11990100MB0000000X"}
    refused(RefusalCode.ITEM_ORGAN_UNKNOWN, actions.create_draft, nowhere, by=editor, at=AT)


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2026, 12, 31), RefusalCode.ITEM_NOT_YET),
        (date(2027, 1, 1), None),
        (date(2027, 6, 30), None),
        (date(2027, 7, 1), RefusalCode.ITEM_RETIRED),
    ],
)
def test_the_planned_dates_of_a_version_hold(bureau: Organ, on: date, code: RefusalCode | None) -> None:
    planned = prepaid_card() | {"effective_from": "2027-01-01", "effective_to": "2027-06-30"}
    actions.publish(actions.create_draft(planned, by=SYSTEM, at=AT).pk, by=SYSTEM, at=AT)
    item = queries.published_item(CODE)
    if code is None:
        queries.check_open(item, on=on)
    else:
        refused(code, queries.check_open, item, on=on)


def test_a_clone_begins_with_everything_but_the_codes(published: ItemVersion, editor: Acting) -> None:
    copied = queries.document(actions.clone(CODE, "SW-2", by=editor, at=AT).pk)
    assert (copied["item_code"], copied["impl_code"]) == ("SW-2", "")
    assert copied["materials"] == prepaid_card()["materials"]


def test_a_listed_entry_is_found_but_takes_no_application(bureau: Organ) -> None:
    entry = empty("SW-9", "汽车销售备案") | {"implementing_org": bureau.code, "item_type": "10"}
    version = actions.create_draft(entry, by=SYSTEM, at=AT, listed=True, kind=Kind.ITEM_IMPORTED)
    assert [i.item_code for i in queries.find("qcxs").items] == ["SW-9"]
    refused(RefusalCode.ITEM_LISTED_ONLY, queries.published_item, "SW-9")
    assert queries.shown_item("SW-9")[1]["name"] == "汽车销售备案"
    full = prepaid_card() | {"item_code": "SW-9", "name": "汽车销售备案"}
    actions.edit_draft(version.pk, full, by=SYSTEM, at=AT)
    actions.publish(version.pk, by=SYSTEM, at=AT)
    assert queries.published_item("SW-9").takes_applications


def test_finding(published: ItemVersion, bureau: Organ, editor: Acting) -> None:
    for number in range(25):
        entry = empty(f"SW-{number:02}", f"展会补贴第{number}类") | {
            "implementing_org": bureau.code, "item_type": "05", "channels": ["1"]}  # fmt: skip
        actions.create_draft(entry, by=SYSTEM, at=AT, listed=True)
    actions.create_draft(empty("SW-X", "展会秘密草稿") | {"implementing_org": bureau.code}, by=editor, at=AT)

    def pages(**filters: Any) -> list[str]:
        codes, after = [], None
        while True:
            page = queries.find(after=after, **filters)
            codes += [i.item_code for i in page.items]
            if not page.after:
                return codes
            after = page.after

    assert len(pages()) == 26  # every visible one once, no draft
    assert len(pages(text="展会")) == 25
    assert pages(text="yufuka") == [CODE]
    assert pages(text="prepaid") == [CODE]
    assert pages(topic="商贸服务") == pages(life_event="发行预付卡") == pages(channel="3") == [CODE]
    assert pages(applicant_type="2", organ=bureau.code, item_type="10", open_only=True) == [CODE]
    assert pages(organ="11990100MB0091010M") == []
    actions.set_popularity({queries.item_for("SW-07").pk: 9, queries.item_for(CODE).pk: 3})
    assert pages()[:2] == ["SW-07", CODE]
    assert [i.item_code for i in queries.popular()] == [CODE]
    assert queries.organ_counts() == [
        {"code": bureau.code, "name": "云泽市商务局", "name_en": "", "items": 26, "open": 1}
    ]
    assert ("发行预付卡", 1) in queries.facet_counts(Facet.Kind.LIFE_EVENT)
    assert len(queries.desk_items(organs=[bureau.pk], status="draft").items) == 1
    actions.retire(CODE, basis="取消", by=editor, at=AT)
    assert CODE not in pages()
    assert pages(text="预付卡") == [CODE]  # who asks for it is told that it is gone


@pytest.mark.parametrize("after", ["x", "-", "1-x", "99999999", "'"])
def test_a_page_mark_somebody_made_up_does_no_harm(published: ItemVersion, after: str) -> None:
    queries.find(after=after)
    queries.find("预付卡", after=after)


def test_a_published_edition_costs_queries_once(published: ItemVersion, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(7):
        edition = queries.edition(published.pk)
    with django_assert_num_queries(0):
        assert queries.edition(published.pk) is edition
        assert queries.document(published.pk)["name"] == edition.name
    # On SQLite first how common the words are; then the match, what may be seen, the rows.
    with django_assert_num_queries(4 if connection.vendor == "sqlite" else 3):
        queries.find("预付卡")


def test_disclosure_completeness(published: ItemVersion, bureau: Organ, editor: Acting) -> None:
    (row,) = queries.disclosure_completeness()
    assert (row.organ_id, row.items, row.filled, row.share) == (bureau.pk, 1, 8, 1.0)


def test_findings_name_a_basis_that_expires_later(published: ItemVersion) -> None:
    assert queries.findings(published.pk, on=date(2026, 11, 20)) == []
