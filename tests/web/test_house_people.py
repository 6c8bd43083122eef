"""People, posts, substitutes, sections, windows and dispatch rules, through the front door."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.people import AT, accepted, cast, submitted
from tests.web.test_house_pages import sign_in
from zhengtong.base.journal.models import Entry
from zhengtong.domains.cases.models import Case, DispatchRule
from zhengtong.domains.cases.queries import section_for
from zhengtong.domains.registry import queries
from zhengtong.domains.registry.models import Account, Hall, Officer, Post, Section, ServiceWindow, Substitution

pytestmark = pytest.mark.django_db
ADMIN, HEAD, MANAGER, WINDOW, HANDLER = "郑凯", "孙丽", "蒋华", "张敏", "李军"
TODAY = timezone.localdate()
DAY = timedelta(days=1)


@pytest.fixture
def people():
    return cast()


# --- coming, changing, leaving ----------------------------------------------------------------------------------


def appoint(client, people, **changes):
    return client.post("/desk/people/new/", {"staff_no": "sc-1", "name": "何静", "organ": people.organ.pk} | changes)


def test_the_first_password_is_shown_once_and_opens_the_door(client, people):
    answer = appoint(sign_in(client, people, ADMIN), people)
    password = re.search(r'<span class="once">([a-z2-9-]+)</span>', answer.content.decode())[1]
    account = Account.objects.get(login="sc-1")
    assert account.check_password(password)
    assert account.kind == "officer"
    assert "no-store" in answer["Cache-Control"]
    assert password not in client.get("/desk/people/sc-1/").content.decode()
    assert password not in "".join(Entry.objects.filter(subject_key="sc-1").values_list("facts", flat=True))


def test_two_appointments_get_two_passwords(client, people):
    sign_in(client, people, ADMIN)
    shown = [
        re.search(r"once\">([^<]+)", appoint(client, people, staff_no=n).content.decode())[1] for n in ("a-1", "a-2")
    ]
    assert shown[0] != shown[1]


@pytest.mark.parametrize(
    "changes",
    [
        {"staff_no": "handler"},
        {"name": ""},
        {"organ": "999999"},
        {"name": "\u202egnij"},
        {"staff_no": "x" * 31},
        {"window": "0"},
    ],
    ids=str,
)
def test_a_bad_appointment_is_refused_and_what_was_typed_stays(changes, client, people):
    before = Officer.objects.count()
    answer = appoint(sign_in(client, people, ADMIN), people, **changes)
    assert answer.status_code == 422
    assert changes.get("name", "何静") in answer.content.decode()
    assert (Officer.objects.count(), Account.objects.filter(login="sc-1").exists()) == (before, False)


@pytest.mark.parametrize("name", [HEAD, MANAGER, WINDOW])
def test_only_who_keeps_people_appoints(name, client, people):
    assert appoint(sign_in(client, people, name), people).status_code == 403
    assert not Officer.objects.filter(staff_no="sc-1").exists()


def test_a_lost_password_is_renewed_for_a_colleague_and_never_for_oneself(client, people):
    sign_in(client, people, ADMIN)
    answer = client.post("/desk/people/handler/password/")
    password = re.search(r"once\">([^<]+)", answer.content.decode())[1]
    assert Account.objects.get(login="handler").check_password(password)
    assert client.post("/desk/people/administrator/password/").status_code == 422
    assert client.get("/desk/people/handler/password/").status_code == 405


def test_nothing_opens_before_the_first_password_is_replaced(client, people):
    sign_in(client, people, ADMIN)
    given = re.search(r"once\">([^<]+)", client.post("/desk/people/handler/password/").content.decode())[1]
    theirs = Client()
    theirs.force_login(Account.objects.get(login="handler"))
    assert theirs.get("/desk/")["Location"] == "/accounts/password/"
    own = {"password1": "只有我知道的口令 2026", "password2": "只有我知道的口令 2026"}
    assert theirs.post("/accounts/password/", {"oldpassword": "guessed", **own}).status_code == 200
    assert theirs.get("/desk/").status_code == 302
    assert theirs.post("/accounts/password/", {"oldpassword": given, **own}).status_code == 302
    assert theirs.get("/desk/").status_code == 200


def test_details_change_and_a_stale_page_is_refused(client, people):
    sign_in(client, people, ADMIN)
    seen = people.officers[HANDLER].version
    data = {"name": "李军军", "organ": people.organ.pk, "seen": seen}
    assert client.post("/desk/people/handler/change/", data).status_code == 302
    stale = client.post("/desk/people/handler/change/", data | {"name": "李大军"})
    assert stale.status_code == 422
    assert "李大军" in stale.content.decode()
    assert Officer.objects.get(staff_no="handler").name == "李军军"


def test_leaving_ends_posts_and_gives_the_cases_back(client, people):
    case = accepted(people)
    holder = Officer.objects.get(pk=case.holder_id)
    sign_in(client, people, ADMIN)
    url = f"/desk/people/{holder.staff_no}/leave/"
    assert case.number in client.get(url).content.decode()
    assert client.post(url, {"seen": holder.version, "last_day": "2026-02-30"}).status_code == 422
    assert client.post(url, {"seen": holder.version, "last_day": TODAY.isoformat()}).status_code == 302
    assert not Post.objects.filter(officer=holder, until__isnull=True).exists()
    assert Case.objects.get(pk=case.pk).holder_id is None
    assert "离岗" in client.get(f"/desk/people/{holder.staff_no}/").content.decode()


# --- posts ------------------------------------------------------------------------------------------------------


def give(client, people, staff_no="handler", **changes):
    data = {"role": "reviewer", "organ": people.organ.pk, "section": people.section.pk, "since": TODAY.isoformat()}
    return client.post(f"/desk/people/{staff_no}/posts/", data | changes)


def test_a_post_is_given_and_ended(client, people):
    sign_in(client, people, ADMIN)
    assert give(client, people).status_code == 302
    again = give(client, people)
    assert again.status_code == 422
    assert "已经在这个岗位上" in again.content.decode()
    post = Post.objects.get(officer=people.officers[HANDLER], role="reviewer")
    url = f"/desk/people/handler/posts/{post.pk}/end/"
    assert client.post(url, {"last_day": (TODAY - DAY).isoformat()}).status_code == 422
    assert client.post(url, {"last_day": TODAY.isoformat()}).status_code == 302
    assert client.get(url).status_code == 404  # already ended
    history = client.get("/desk/people/handler/").content.decode()
    assert "安排岗位" in history
    assert "结束岗位" in history


def test_nobody_gives_themselves_a_post(client, people):
    assert give(sign_in(client, people, ADMIN), people, "administrator").status_code == 422
    assert not Post.objects.filter(officer=people.officers[ADMIN], role="reviewer").exists()


@pytest.mark.parametrize(
    "changes", [{"role": "king"}, {"organ": "0"}, {"section": "77777"}, {"since": "soon"}, {"role": ""}], ids=str
)
def test_a_strange_post_is_refused(changes, client, people):
    assert give(sign_in(client, people, ADMIN), people, **changes).status_code == 422


def test_a_post_is_ended_only_under_its_own_officer(client, people):
    post = Post.objects.get(officer=people.officers[WINDOW])
    assert sign_in(client, people, ADMIN).get(f"/desk/people/handler/posts/{post.pk}/end/").status_code == 404


# --- substitutes ------------------------------------------------------------------------------------------------


def stand_in(client, query="", **changes):
    data = {"deputy": "handler2", "kind": "ab", "role": "", "since": TODAY.isoformat(),
            "until": (TODAY + DAY).isoformat(), "reason": "休假"}  # fmt: skip
    return client.post(f"/desk/substitution/{query}", data | changes)


def test_every_officer_arranges_their_own_substitute(client, people):
    sign_in(client, people, HANDLER)
    assert stand_in(client).status_code == 302
    row = Substitution.objects.get()
    assert (row.principal.name, row.deputy.name) == (HANDLER, "周洋")
    acting = queries.officer_acting(people.officers["周洋"].account_id, TODAY)
    assert any(post.principal_id == row.principal_id for post in acting.posts)
    assert client.post(f"/desk/substitution/{row.pk}/end/").status_code == 302
    row.refresh_from_db()
    assert row.revoked_at is not None


@pytest.mark.parametrize(
    "changes",
    [{"deputy": "handler"}, {"deputy": "nobody"}, {"until": "2020-01-01"}, {"reason": ""}, {"role": "king"}],
    ids=str,
)
def test_a_bad_substitution_is_refused_with_what_was_typed(changes, client, people):
    answer = stand_in(sign_in(client, people, HANDLER), **changes)
    assert answer.status_code == 422
    assert changes.get("reason", "休假") in answer.content.decode()
    assert not Substitution.objects.exists()


def test_one_arranges_for_another_only_from_a_post(client, people):
    assert stand_in(sign_in(client, people, WINDOW), "?for=handler").status_code == 403
    assert stand_in(sign_in(client, people, HEAD), "?for=handler").status_code == 302
    row = Substitution.objects.get()
    assert sign_in(client, people, WINDOW).post(f"/desk/substitution/{row.pk}/end/").status_code == 404
    row.refresh_from_db()
    assert row.revoked_at is None


# --- sections, windows, dispatch --------------------------------------------------------------------------------


def test_a_section_is_added_and_renamed(client, people):
    sign_in(client, people, ADMIN)
    data = {"organ": people.organ.pk, "name": "外贸科", "name_en": "Foreign Trade"}
    assert client.post("/desk/people/sections/", data).status_code == 302
    assert client.post("/desk/people/sections/", data).status_code == 422
    section = Section.objects.get(name="外贸科")
    assert client.post(f"/desk/people/sections/?edit={section.pk}", {"name": "外经科"}).status_code == 302
    section.refresh_from_db()
    assert (section.name, section.organ_id) == ("外经科", people.organ.pk)
    assert client.get("/desk/people/sections/?edit=999999").status_code == 404
    assert sign_in(client, people, HEAD).post("/desk/people/sections/", data).status_code in (403, 422)
    assert not Section.objects.filter(name="外贸科").exists()


def test_a_window_is_added_and_changed_also_by_the_centre(client, people):
    sign_in(client, people, MANAGER)
    Hall.objects.create(code="H01", name="一楼大厅", region=people.region)
    data = {"hall": "H01", "number": "A01", "name": "综合受理", "organ": ""}
    assert client.post("/desk/people/windows/", data).status_code == 302
    assert client.post("/desk/people/windows/", data).status_code == 422
    window = ServiceWindow.objects.get()
    changed = data | {"number": "A02", "organ": people.organ.pk}
    assert client.post(f"/desk/people/windows/?edit={window.pk}", changed).status_code == 302
    window.refresh_from_db()
    assert (window.number, window.organ_id) == ("A02", people.organ.pk)


def test_a_rule_sends_new_cases_to_another_section(client, people):
    other = Section.objects.create(organ=people.organ, name="外贸科")
    item = people.item()
    sign_in(client, people, HEAD)
    data = {"section": other.pk, "item": item.item_code}
    assert client.post("/desk/people/dispatch/", data).status_code == 302
    assert section_for(people.organ.pk, item.pk) == other.pk
    rule = DispatchRule.objects.get(item=item)
    assert client.post("/desk/people/dispatch/", {"remove": rule.pk}).status_code == 302
    assert section_for(people.organ.pk, item.pk) == people.section.pk
    assert client.post("/desk/people/dispatch/", {"remove": "999999"}).status_code == 404
    assert client.post("/desk/people/dispatch/", data | {"item": "nothing"}).status_code == 422
    assert submitted(people).section_id == people.section.pk


def test_a_head_of_section_rules_only_in_their_own_organ(client, people):
    from zhengtong.domains.registry.models import Organ

    foreign = Organ.objects.create(code="9" * 18, name="云泽市别的局", short_name="云别", region=people.region)
    section = Section.objects.create(organ=foreign, name="别科")
    rule = DispatchRule.objects.create(organ=foreign, section=section)
    sign_in(client, people, HEAD)
    assert client.post("/desk/people/dispatch/", {"section": section.pk, "item": ""}).status_code == 422
    assert client.post("/desk/people/dispatch/", {"remove": rule.pk}).status_code == 403
    assert "云泽市别的局" not in client.get("/desk/people/dispatch/").content.decode()
    assert DispatchRule.objects.filter(pk=rule.pk).exists()


# --- the list ---------------------------------------------------------------------------------------------------


def test_the_list_pages_by_staff_number_and_finds_by_name(client, people):
    for number in range(60):
        Officer.objects.create(staff_no=f"z-{number:03}", name=f"新人{number}", organ=people.organ)
    sign_in(client, people, ADMIN)
    first = client.get("/desk/people/")
    second = client.get("/desk/people/", {"after": first.context["after"]})
    met = [officer.staff_no for page in (first, second) for officer, _posts in page.context["rows"]]
    assert (len(met), len(set(met))) == (Officer.objects.count(), Officer.objects.count())
    found = client.get("/desk/people/", {"q": "李军"}).context["rows"]
    assert [officer.staff_no for officer, _ in found] == ["handler"]
    for odd in ("%00", "' OR 1=1", "<script>", "🙂" * 99):
        assert client.get("/desk/people/", {"q": odd, "after": odd, "organ": odd}).status_code == 200


def test_the_list_costs_the_same_for_many(client, people, django_assert_max_num_queries):
    for number in range(45):
        officer = Officer.objects.create(staff_no=f"z-{number:03}", name=f"新人{number}", organ=people.organ)
        Post.objects.create(officer=officer, role="handler", organ=people.organ, since=AT.date())
    sign_in(client, people, ADMIN)
    with django_assert_max_num_queries(13):
        client.get("/desk/people/")
