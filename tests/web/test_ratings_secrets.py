"""Who rated cannot be worked out from what the house shows: figures, rows, exports, pages of the desk, messages, links."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.flows.test_rectifications import CALLER, CENTRE, COLLEAGUE, bad, dispatched
from tests.people import AT, PREPAID, Cast, accepted, cast, hall_of
from tests.web.portal import as_enterprise, signed_in, text
from tests.web.test_desk_village import RECYCLING, form_of, path_of
from tests.web.test_ratings_desk import PHONE, officer, rated, service
from zhengtong.base.outbox.models import Message
from zhengtong.base.permission import SYSTEM
from zhengtong.base.personal import lookup_hash
from zhengtong.base.seal.actions import seal
from zhengtong.domains.cases.models import Case
from zhengtong.domains.ratings import actions, names, queries
from zhengtong.domains.ratings.models import Node, Rating
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.flows.rating_given import rate
from zhengtong.flows.rating_invited import open_nodes_of_cases
from zhengtong.flows.rectification_revisited import reveal_rater
from zhengtong.rules.ratings_figures import Counts
from zhengtong.rules.ratings_publication import told_within

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SUPERVISOR, HEAD = "吴涛", "孙丽"


@pytest.fixture
def people() -> Cast:
    return cast()


def main(response) -> str:
    return text(response).split("<main")[1].split("</main>")[0]


def yesterday(**more: object) -> dict[str, object]:
    on = (timezone.localdate() - DAY).isoformat()
    return {"period": "range", "since": on, "until": on, **more}


# --- figures ---


@pytest.mark.parametrize("group", ["organ", "section", "person", "window", "item", "hall", "platform", "channel"])
def test_one_service_of_a_day_does_not_show_how_it_was_rated(people, group):
    """Whoever knows that a person was the only one served would read their level, in whatever cut."""
    rated(people, 1, 5, DAY)
    client = officer(people, SUPERVISOR)
    page = client.get(reverse("watch:ratings"), yesterday(group=group))
    (line,) = page.context["lines"]
    told = [cell.text for cell in line.cells]
    assert told.count("—") >= 9  # five levels, the rates, the score, what was set aside
    assert [cell.text for _label, cell in page.context["tiles"]][-1] == "—"
    for form in ("csv", "xlsx"):
        assert client.get(reverse("watch:rating_export", args=[form]), yesterday(group=group)).status_code == 200
    table = text(client.get(reverse("watch:rating_export", args=["csv"]), yesterday(group=group)))
    assert "0.0000" not in table  # a satisfaction of none
    assert "20.00" not in table  # a score of one star


def test_nor_do_the_rows_behind_it(people):
    rated(people, 1, 5, DAY)
    client, rows = officer(people, SUPERVISOR), reverse("watch:rating_rows")
    for group, key in (
        ("", ""),
        ("person", people.officers["李军"].pk),
        ("item", people.item().pk),
        ("channel", "sms"),
    ):
        for measure in ("bad", "level_5", "good", "strict", "level_1", "excluded"):
            page = main(client.get(rows, yesterday(measure=measure, group=group, key=key)))
            assert "评价少于 5 次" in page, (group, measure)
            assert "非常不满意" not in page.split("</h1>")[1]
        page = main(client.get(rows, yesterday(measure="rated", group=group, key=key)))
        assert "已评价" in page
        assert "不满意" not in page


def test_what_is_hidden_is_not_the_whole_less_the_shown(people):
    rated(people, 8, 1, DAY)
    rated(people, 1, 5, DAY, officer_name="张敏")
    page = officer(people, SUPERVISOR).get(reverse("watch:ratings"), yesterday(group="person"))
    shown = [[cell.text for cell in line.cells] for line in page.context["lines"]]
    assert all("—" in cells for cells in shown)  # the eight beside a whole of nine would tell the one
    assert page.context["drawn"] == ""


def test_rows_of_many_name_neither_the_day_nor_the_item_of_few(people):
    rated(people, 6, 1, 2 * DAY)
    rare = service(people, "rare", DAY)
    Node.objects.filter(pk=rare.pk).update(item_id=None, item_name="罕见事项", state="RATED", level=5, channel="sms")
    actions.count_ratings(at=timezone.now())
    since = (timezone.localdate() - 2 * DAY).isoformat()
    behind = yesterday(measure="rated") | {"since": since}
    page = officer(people, SUPERVISOR).get(reverse("watch:rating_rows"), behind)
    assert len(page.context["rows"]) == 7
    assert "罕见事项" not in main(page)
    assert f"{timezone.localdate() - DAY:%Y-%m-%d}" not in main(page).split("<tbody")[1]


def test_an_inner_group_is_shown_where_it_may_be_in_each_outer_one():
    """What has no item stands in several organs: of one of them it may be too few."""

    def of(rated):
        return Counts(rated, (rated, 0, 0, 0, 0))

    assert told_within({("1", ""): of(20), ("2", ""): of(1)}, 5) == frozenset()
    assert told_within({("1", ""): of(20), ("2", ""): of(7)}, 5) == {""}
    assert told_within({("1", "a"): of(20), ("1", "b"): of(1), ("2", "c"): of(9)}, 5) == {"c"}


# --- the desk ---


def test_the_hour_at_which_a_bad_rating_came_is_on_no_page(people):
    now = timezone.now()
    row = dispatched(people, bad(people, at=now), at=now + timedelta(hours=1))
    came = timezone.localtime(now)
    for who in (COLLEAGUE, HEAD, CENTRE):
        page = main(officer(people, who).get(reverse("desk:rectification", args=[row.number])))
        assert f"{came:%H:%M:%S}" not in page
        assert f"{came:%H:%M}</time>" not in page


def test_the_number_a_rater_wrote_is_masked_for_the_organ(people):
    row = bad(people)
    Rectification.objects.filter(pk=row.pk).update(text=row.text)
    row.text = "太慢，打我电话13800000001"
    row.save(update_fields=["text"])
    dispatched(people, Rectification.objects.get(pk=row.pk))
    page = main(officer(people, COLLEAGUE).get(reverse("desk:rectification", args=[row.number])))
    assert "太慢，打我电话***" in page


def test_why_the_caller_looked_is_not_read_by_the_organ(people):
    from tests.flows.test_rectifications import fixed

    row = fixed(people)
    reveal_rater(row.number, purpose="给林小雨回电话", by=people.acting(CALLER), at=timezone.now())
    address = reverse("desk:rectification", args=[row.number])
    assert "给林小雨回电话" in main(officer(people, CALLER).get(address))
    for who in (COLLEAGUE, "张敏"):
        page = main(officer(people, who).get(address))
        assert "查看评价人" in page
        assert "林小雨" not in page


def test_a_clerk_cannot_watch_her_own_service_until_it_is_rated(people):
    guide = officer(people, CALLER)
    node = service(people, officer_id=people.officers[CALLER].pk)
    before = main(guide.get(reverse("desk:enter_rating"), {"q": "L1"}))
    rate(
        node.key, level=5, channel="sms", token=names.token(node.key, names.SMS), by=people.applicant, at=timezone.now()
    )
    assert main(guide.get(reverse("desk:enter_rating"), {"q": "L1"})) == before


# --- links and messages ---


def test_the_code_on_a_paper_looks_the_same_when_it_has_been_rated(people):
    node = service(people, account_id=None)
    slip = reverse("portal:rate_link", args=[names.token(node.key, names.SLIP)])
    before = main(Client().get(slip))
    rate(
        node.key, level=5, channel="sms", token=names.token(node.key, names.SMS), by=people.applicant, at=timezone.now()
    )
    assert Node.objects.get().level == 5
    strip = lambda page: page.split("csrfmiddlewaretoken")[0] + page.split("csrfmiddlewaretoken")[1][90:]  # noqa: E731
    assert strip(main(Client().get(slip))) == strip(before)


def test_a_link_opened_beside_the_desk_rates_nothing_of_ones_own(people):
    node = service(people, phone="", account_id=None)
    link = reverse("portal:rate_link", args=[names.token(node.key, names.SLIP)])
    answer = officer(people, "李军").post(link, {"step": "send", "level": "1", "text": ""})
    assert answer.status_code == 422
    assert not Rating.objects.exists()
    assert Client().post(link, {"step": "send", "level": "1", "text": ""}).status_code == 302


def test_who_keeps_the_system_reads_of_no_message_whose_rating_it_is_about(people):
    row = dispatched(people, bad(people))
    Message.objects.filter(kind="rectification.dispatched").update(state="dead")
    told = Message.objects.get(kind="rectification.dispatched")
    Message.objects.filter(pk=told.pk).update(address=PHONE, channel="sms")
    keeper = officer(people, "郑凯")
    one = main(keeper.get(reverse("desk:outbox_message", args=[told.pk])))
    many = main(keeper.get(reverse("desk:outbox")))
    for secret in (row.number, "0001", PHONE[:3] + "*"):
        assert secret not in one, secret
    assert f"rectification.dispatched · {row.number}" not in many
    assert "只给收件人看" in one
    answered = Message.objects.get(kind="rectification.received")  # what an officer is told is no secret of a rater's
    assert row.number in main(keeper.get(reverse("desk:outbox_message", args=[answered.pk])))


def test_a_colleague_of_the_enterprise_reads_no_words_of_another(people):
    from tests.web.test_ratings_portal import service as ours

    node = ours(people, enterprise_id=people.enterprise.pk, account_id=None, phone="13800000099")
    rate(
        node.key, level=5, channel="sms", token=names.token(node.key, names.SMS), text="科长态度差", by=people.applicant,
        at=timezone.now(),
    )  # fmt: skip
    Rating.objects.update(account_id=None)
    page = text(as_enterprise(people).get(reverse("portal:rated", args=[node.key])))
    assert "科长态度差" not in page


def test_pages_about_ratings_send_no_address_to_other_houses_and_are_kept_nowhere(people):
    """A link is a key: it stands in no Referer that leaves the house, and in no cache."""
    node = service(people, account_id=None)
    answer = Client().get(reverse("portal:rate_link", args=[names.token(node.key, names.SMS)]))
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert "//" not in "".join(part.split('"')[0] for part in answer.content.decode().split('src="')[1:])
    own = signed_in(people.citizen).get(reverse("portal:my_ratings"))
    assert "no-store" in own["Cache-Control"]


def test_a_clerk_who_knows_the_query_code_does_not_see_it_rated(people):
    """The slip with number and code passes through the counter, and a village clerk's page shows it."""
    case = accepted(people)
    seal(at=timezone.now())
    open_nodes_of_cases(at=AT)
    node = Node.objects.get(subject_key=case.number)
    Node.objects.update(opened_at=timezone.now() - DAY, closes_at=timezone.now() + DAY)
    guest = Client()
    guest.post(reverse("portal:track"), {"number": case.number, "code": case.query_code})
    address = reverse("portal:tracked", args=[case.number])
    before = main(guest.get(address))
    assert names.token(node.key, names.SLIP) in before
    assert names.token(node.key, names.SMS) not in before
    rate(node.key, level=5, channel="pc", by=people.applicant, at=timezone.now())
    assert main(guest.get(address)) == before
    own = signed_in(people.citizen)  # who it was for is no longer asked
    own.post(reverse("accounts:acting"), {"enterprise": people.enterprise.pk})
    assert reverse("portal:rate", args=[node.key]) not in main(own.get(reverse("portal:case", args=[case.number])))


def test_a_village_clerk_who_leaves_her_own_phone_does_not_rate_what_she_filed(db, monkeypatch):
    """The villager's link would come to her: she took part in the matter, and by her phone it is hers."""
    monkeypatch.setattr(timezone, "now", lambda: AT)
    people = cast(PREPAID, RECYCLING)
    hall_of(people)
    clerk = people.officers["陶莲花"]
    clerk.phone_hash = lookup_hash("13700000007")
    clerk.save(update_fields=["phone_hash"])
    typed = form_of(people) | {"phone": "13700000007"}
    assert signed_in(clerk.account).post(path_of(people), typed).status_code == 302
    case = Case.objects.get()
    node = actions.open_node(
        "finish", ("case", case.number), organ_id=case.organ_id, officer_id=people.officers["张敏"].pk,
        person_id=case.person_id, phone=case.contact_phone, opened_at=AT, by=SYSTEM, at=AT,
    )  # fmt: skip
    assert clerk.pk in queries.participants(node)
    link = reverse("portal:rate_link", args=[names.token(node.key, names.SMS)])
    assert Client().post(link, {"step": "send", "level": "1", "text": ""}).status_code == 422
    assert not Rating.objects.exists()
