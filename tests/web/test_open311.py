"""GeoReport v2 in and out: what the standard asks, what a caller may read, and a real server on loopback."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.people import AT, cast
from tests.web.portal import signed_in
from zhengtong.base.journal import check_subject
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.outbox.delivery import deliver_due
from zhengtong.base.outbox.models import Message
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.letters.models import Category, Letter, Publication
from zhengtong.domains.open311 import actions
from zhengtong.domains.open311.models import Filed, Passed
from zhengtong.exchange import open311, open311_out
from zhengtong.flows import letter_routed
from zhengtong.flows.letter_passed_on import hear_of, pass_on
from zhengtong.flows.letter_received import receive
from zhengtong.rules.letters import LetterKind, Mailbox
from zhengtong.rules.refusal import Refusal

pytestmark = pytest.mark.django_db
KEY = "key-of-the-city-app"
V2 = "/open311/v2"


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def city(**partner):
    people = cast()
    roads = Category.objects.create(code="01", name="道路", name_en="Roads", path="01")
    Category.objects.create(code="0101", name="路灯", name_en="Street lights", parent=roads, level=2, path="01.0101")
    return people, actions.admit("app", "城市应用", their_key=KEY, at=AT, **partner)


@pytest.fixture
def public() -> str:
    """The number of a letter about the street lights that is public; the partner is there."""
    people, _partner = city()
    letter = receive(
        kind=LetterKind.CONSULTATION, channel=Mailbox.WEB, subject_line="路灯", text="我家门口的路灯几时修？",
        category="0101", address="滨江路1号", by=SYSTEM, at=timezone.now(),
    )  # fmt: skip
    Letter.objects.filter(pk=letter.pk).update(state="SENT", replied_at=timezone.now(), answer_days=0)
    Publication.objects.create(
        letter=letter, state=Publication.PUBLISHED, title="路灯", question="路灯几时修？", answer="三天内。",
        proposed_at=AT, proposed_by=people.officers["何清语"], published_at=timezone.now(),
    )  # fmt: skip
    return letter.number


def filed(client: Client | None = None, headers=None, **values):
    given = {"api_key": KEY, "service_code": "0101", "lat": "30.1", "long": "104.2", "description": "路灯不亮\n三天了"}
    return (client or Client()).post(f"{V2}/requests.json", given | values, headers=headers or {})


# --- services -----------------------------------------------------------------------------------------------------
def test_services_are_the_lowest_categories_in_json_and_xml():
    city()
    [service] = Client().get(f"{V2}/services.json").json()
    assert (service["service_code"], service["group"], service["type"]) == ("0101", "道路", "realtime")
    root = ET.fromstring(Client().get(f"{V2}/services.xml").content)
    assert [root.tag, root[0].tag, root.findtext("service/service_name")] == ["services", "service", "路灯"]
    definition = Client().get(f"{V2}/services/0101.json").json()
    keys = [value["key"] for value in definition["attributes"][0]["values"]]
    assert keys == ["help", "consultation", "complaint", "suggestion"], "no tips about persons this way"
    xml = ET.fromstring(Client().get(f"{V2}/services/0101.xml").content)
    assert xml.findtext("attributes/attribute/values/value/key") == "help"
    unknown = Client().get(f"{V2}/services/99.json")
    assert (unknown.status_code, unknown.json()[0]["code"]) == (404, 404)


# --- filing -------------------------------------------------------------------------------------------------------
def test_a_request_becomes_a_letter_and_a_repeat_the_same_one():
    city()
    first, again = filed(), filed()
    assert first.status_code == 201
    assert first.json() == again.json()
    letter = Letter.objects.get()
    assert first.json()[0]["service_request_id"] == letter.number
    assert (letter.mailbox, letter.kind, letter.category.code, letter.subject_line) == (
        "open311",
        "help",
        "0101",
        "路灯不亮",
    )
    other = filed(description="另一盏")
    assert other.json()[0]["service_request_id"] != letter.number


def test_an_idempotency_key_is_for_one_request():
    city()
    assert filed(headers={"Idempotency-Key": "a"}).status_code == 201
    assert filed(headers={"Idempotency-Key": "a"}).status_code == 201
    assert filed(headers={"Idempotency-Key": "a"}, description="别的").status_code == 409
    assert Letter.objects.count() == Filed.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"api_key": ""}, 403), ({"api_key": "wrong"}, 403), ({"service_code": ""}, 400), ({"service_code": "99"}, 404),
        ({"service_code": "01"}, 404), ({"lat": "", "long": ""}, 400), ({"lat": "x"}, 400), ({"lat": "91"}, 400),
        ({"long": "NaN"}, 400), ({"description": ""}, 400), ({"description": "长" * 4_001}, 400),
        ({"attribute[kind]": "tip"}, 400), ({"phone": "1" * 31}, 400),
        ({"description": "left\u202eright"}, 400), ({"lat": "", "long": "", "address_string": "滨江路1号"}, 201),
    ],
)  # fmt: skip
def test_a_request_that_is_none_is_told_what_is_wrong(values, status):
    city()
    answer = filed(**values)
    assert answer.status_code == status, answer.content
    if status != 201:
        assert Letter.objects.count() == 0
        if answer["Content-Type"].startswith("application/json"):
            assert answer.json()[0]["description"]


def test_wrong_keys_are_not_tried_without_end():
    city()
    for _ in range(30):
        filed(api_key="wrong")
    assert filed(api_key="wrong").status_code == 429


def test_a_stopped_partner_files_nothing():
    _people, partner = city()
    actions.stop(partner)
    assert filed().status_code == 403


def test_a_token_becomes_a_number_for_its_own_partner():
    city(by_token=True)
    token = filed().json()[0]["token"]
    assert Client().get(f"{V2}/tokens/{token}.json").status_code == 403
    actions.admit("other", "别的应用", their_key="other-key", at=AT)
    assert Client().get(f"{V2}/tokens/{token}.json", {"api_key": "other-key"}).status_code == 404
    answer = Client().get(f"{V2}/tokens/{token}.json", {"api_key": KEY}).json()
    assert answer == [{"service_request_id": Letter.objects.get().number, "token": token}]


# --- reading ------------------------------------------------------------------------------------------------------
def test_who_filed_reads_it_and_nobody_else_before_it_is_published():
    city()
    number = filed(address_string="滨江路1号").json()[0]["service_request_id"]
    address = f"{V2}/requests/{number}.json"
    assert Client().get(address).status_code == 404
    actions.admit("other", "别的应用", their_key="other-key", at=AT)
    assert Client().get(address, {"api_key": "other-key"}).status_code == 404
    [mine] = Client().get(address, {"api_key": KEY}).json()
    assert (mine["status"], mine["service_code"], mine["address"]) == ("open", "0101", "滨江路1号")
    assert Client().get(f"{V2}/requests.json").json() == []
    [listed] = Client().get(f"{V2}/requests.json", {"api_key": KEY}).json()
    assert listed == mine
    xml = ET.fromstring(Client().get(f"{V2}/requests.xml", {"api_key": KEY}).content)
    assert xml.findtext("request/service_request_id") == number


def test_filters_and_pages():
    city()
    numbers = [filed(description=f"第{n}盏").json()[0]["service_request_id"] for n in range(3)]

    def asked(**given):
        return Client().get(f"{V2}/requests.json", {"api_key": KEY} | given)

    assert len(asked(service_code="0101").json()) == 3
    assert asked(service_code="99").json() == []
    assert asked(status="closed").json() == []
    assert {one["service_request_id"] for one in asked(service_request_id=",".join(numbers[:2])).json()} == set(
        numbers[:2]
    )
    past = (timezone.now() - timedelta(days=30)).isoformat()
    assert asked(end_date=past).json() == []
    for wrong in (
        {"start_date": "gestern"}, {"start_date": "2026-01-01"}, {"start_date": "0001-01-01T00:00:00Z"},
        {"end_date": "9999-12-31T23:59:59+08:00"}, {"status": "maybe"}, {"page": "2"}, {"page_size": "0"},
        {"page_size": "5000"}, {"page_size": "²"},
    ):  # fmt: skip
        assert asked(**wrong).status_code == 400, wrong


def test_a_range_spans_ninety_days_at_most():
    city()
    filed()
    now = timezone.now()

    def asked(**given):
        answer = Client().get(f"{V2}/requests.json", {"api_key": KEY, **{n: m.isoformat() for n, m in given.items()}})
        return answer.status_code, len(answer.json())

    day = timedelta(days=1)
    Letter.objects.update(received_at=now - 80 * day)
    assert asked() == asked(start_date=now - 81 * day) == asked(start_date=now - 90 * day, end_date=now) == (200, 1)
    assert asked(start_date=now - 91 * day, end_date=now)[0] == 400
    assert asked(start_date=now, end_date=now - day)[0] == 400
    Letter.objects.update(received_at=now - 95 * day)
    assert asked() == (200, 0), "without dates: the last 90 days"
    assert asked(start_date=now - 180 * day) == (200, 1), "90 days from the start"
    assert asked(end_date=now - 94 * day) == (200, 1), "90 days before the end"


def test_pages_follow_the_link_and_cost_the_same_at_any_depth(public):
    numbers = [filed(description=f"第{n}盏").json()[0]["service_request_id"] for n in range(5)]
    Letter.objects.filter(number__in=numbers).update(received_at=timezone.now())  # one instant: the number decides
    address, found, costs = f"{V2}/requests.json?api_key={KEY}&page_size=2&service_code=0101", [], []
    while address:
        with CaptureQueriesContext(connection) as asked:
            answer = Client().get(address)
        costs.append(len(asked))
        found += [one["service_request_id"] for one in answer.json()]
        link = answer.headers.get("Link", "")
        address = link.removeprefix("<").removesuffix('>; rel="next"')
    assert sorted(found) == sorted([*numbers, public]), "each once: own ones, and what is public"
    assert len(set(costs)) == 1, "the same at any depth"
    assert costs[0] <= 4, "the partner, whether it guesses keys, the page, which of it is the partner's own"
    with CaptureQueriesContext(connection) as asked:
        assert len(Client().get(f"{V2}/requests.json").json()) == 1
    assert len(asked) <= 2
    with CaptureQueriesContext(connection) as asked:
        Client().get(f"{V2}/requests.json", {"api_key": KEY, "service_request_id": ",".join([*numbers, "LX0"])})
    assert len(asked) <= 4


def test_states_and_published_words(public):
    def numbers(**given):
        return [one["service_request_id"] for one in Client().get(f"{V2}/requests.json", given).json()]

    own = filed().json()[0]["service_request_id"]
    assert numbers(status="closed") == numbers(status="closed", api_key=KEY) == [public]
    assert numbers(status="open", api_key=KEY) == [own]
    assert set(numbers(status="open,closed", api_key=KEY)) == {own, public}
    [shown] = Client().get(f"{V2}/requests/{public}.json").json()
    assert (shown["description"], shown["status_notes"], shown["address"]) == ("路灯几时修？", "三天内。", "")


@pytest.mark.parametrize("poison", ["\x00", "长" * 10_000, "=1+1", "<b>", "\u202e", "'; DROP TABLE letters_letter; --"])
def test_no_question_breaks_it(poison):
    city()
    for name in ("service_request_id", "service_code", "status", "start_date", "end_date", "before", "page_size", "page",
                 "jurisdiction_id"):  # fmt: skip
        answer = Client().get(f"{V2}/requests.xml", {"api_key": KEY, name: poison})
        assert answer.status_code in (200, 400, 404), name
        ET.fromstring(answer.content)
    for path in ("requests", "tokens", "services"):
        answer = Client().get(f"{V2}/{path}/{quote(poison[:50], safe='')}.json", {"api_key": KEY})
        assert answer.status_code == 404, path
    answer = Client().get(f"{V2}/requests.json", {"api_key": poison})
    assert answer.status_code == (200 if poison == "\x00" else 403), "nothing shown is no key, and reads what is public"
    assert answer.json() == [] or answer.status_code == 403
    for name in ("description", "address_string", "first_name", "phone", "email", "media_url", "lat", "service_code",
                 "attribute[kind]"):  # fmt: skip
        answer = filed(**{name: poison})
        assert answer.status_code in (201, 400, 404), name
    assert Client().get(f"{V2}/requests.xml", {"api_key": KEY}).status_code == 200


def test_a_tip_is_nowhere_in_it():
    city()
    tip = receive(kind=LetterKind.TIP, channel=Mailbox.WEB, subject_line="某某", text="收了烟", by=SYSTEM, at=AT)
    for address in (f"{V2}/requests.json", f"{V2}/requests/{tip.number}.json"):
        assert tip.number not in Client().get(address, {"api_key": KEY}).content.decode()


def test_what_a_partner_filed_and_turns_out_to_be_a_tip_is_nowhere_in_it_either():
    people, _partner = city()
    number = filed().json()[0]["service_request_id"]
    reclassified(people, number, LetterKind.TIP)
    for address in (f"{V2}/requests.json", f"{V2}/requests/{number}.json"):
        assert number not in Client().get(address, {"api_key": KEY}).content.decode()


def reclassified(people, number, kind):
    letter_routed.reclassify_letter(
        number, kind=kind, category="", urgent=False, confidential=True, reason="改", seen=None,
        by=people.acting("何清语"), at=timezone.now(),
    )  # fmt: skip


def test_a_zone_whose_plus_was_not_encoded_is_still_a_zone(public):
    answer = Client().get(f"{V2}/requests.json?start_date={AT:%Y-%m-%dT00:00:00}+08:00")
    assert answer.status_code == 200
    assert Client().get(f"{V2}/requests.json?start_date={AT:%Y-%m-%d} 08:00").status_code == 400


def test_another_jurisdiction_is_not_ours(settings):
    city()
    settings.OPEN311_JURISDICTION = "yunze.example"
    assert Client().get(f"{V2}/services.json", {"jurisdiction_id": "elsewhere.example"}).status_code == 404
    assert Client().get(f"{V2}/services.json", {"jurisdiction_id": "yunze.example"}).status_code == 200


@pytest.mark.parametrize("form", ["json", "xml"])
def test_faults_are_written_in_the_format_asked_for(form):
    city()
    answer = Client().delete(f"{V2}/requests.{form}")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, POST, HEAD"
    if form == "xml":
        assert ET.fromstring(answer.content).findtext("error/code") == "405"


# --- out ----------------------------------------------------------------------------------------------------------
class Elsewhere(BaseHTTPRequestHandler):
    """Another house: answers as its script says, and keeps what it was told."""

    script: list[tuple[int, object]] = []
    told: list[tuple[str, dict]] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer({name: values[0] for name, values in parse_qs(body).items()})

    def do_GET(self):
        self._answer({name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()})

    def _answer(self, given):
        type(self).told.append((f"{self.command} {urlsplit(self.path).path}", given))
        status, content = type(self).script.pop(0)
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def elsewhere(settings):
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    Elsewhere.script, Elsewhere.told = [], []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/open311/v2"
    server.shutdown()
    server.server_close()


def letter_for(people, url):
    partner = actions.admit("next", "邻市", url=url, our_key="our-key", jurisdiction_id="next.example", at=AT)
    letter = receive(
        kind=LetterKind.HELP, channel=Mailbox.WEB, subject_line="路灯", text="桥上的路灯不亮", address="界河桥",
        name="林小雨", phone="13800000001", by=SYSTEM, at=AT,
    )  # fmt: skip
    return partner, letter


def test_a_letter_goes_out_is_tried_again_and_its_state_comes_back(elsewhere):
    people, _ = city()
    _partner, letter = letter_for(people, elsewhere)
    row = pass_on(letter.number, "next", service_code="L1", by=people.acting("何清语"), at=AT)
    pass_on(letter.number, "next", service_code="L1", by=people.acting("何清语"), at=AT)
    assert Message.objects.filter(channel="open311").count() == 1, "asked twice, sent once"

    Elsewhere.script = [(503, []), (201, [{"token": "t1"}])]
    deliver_due(at=AT, only="open311")
    assert Passed.objects.get().state == "waiting"
    deliver_due(at=AT + timedelta(minutes=10), only="open311")
    row.refresh_from_db()
    assert (row.state, row.token) == ("token", "t1")
    [first, second] = Elsewhere.told
    assert first == second
    assert first[1]["api_key"] == "our-key"
    assert "桥上的路灯不亮" in first[1]["description"]
    assert not {"first_name", "phone", "email"} & set(first[1]), "who wrote it stays here"
    assert "13800000001" not in str(first[1])

    later = timezone.now() + timedelta(hours=2)
    Elsewhere.script = [(200, [{"token": "t1", "service_request_id": "N-7"}])]
    assert open311_out.read_back(at=later) == 1
    Elsewhere.script = [(200, [{"service_request_id": "N-7", "status": "closed", "status_notes": "已修好"}])]
    assert open311_out.read_back(at=later + timedelta(hours=2)) == 1
    row.refresh_from_db()
    assert (row.state, row.remote_id, row.remote_notes) == ("closed", "N-7", "已修好")
    assert open311_out.read_back(at=later + timedelta(days=9)) == 0, "nobody asks about what is closed"
    assert Elsewhere.told[-1] == (
        "GET /open311/v2/requests/N-7.json", {"api_key": "our-key", "jurisdiction_id": "next.example"},
    )  # fmt: skip


def test_whoever_has_the_letter_is_told_once_when_it_ends_elsewhere():
    people, _ = city()
    _partner, letter = letter_for(people, "https://next.example/v2")
    row = pass_on(letter.number, "next", service_code="L1", by=people.acting("何清语"), at=AT)
    actions.taken(row, remote_id="N-7", at=AT)

    def told():
        rows = Message.objects.filter(kind="letter.heard_of")
        return {name for name, one in people.officers.items() if one.account_id in {row.account_id for row in rows}}

    hear_of(row, "open", "已派人去看", at=AT)
    assert told() == set(), "still open: nobody is disturbed"
    hear_of(row, "closed", "已修好", at=AT)
    hear_of(row, "closed", "已修好", at=AT)
    assert told() == {"何清语"}, "routed to nobody yet: the letter desk"
    assert Message.objects.filter(kind="letter.heard_of").count() == 1
    assert [e.kind for e in entries_of("letter", letter.number)][-2:] == ["letter.passed_on", "letter.heard_of"]
    letter.refresh_from_db()
    assert check_subject(letter, list(entries_of("letter", letter.number))) == []
    page = signed_in(people.officers["何清语"].account).get(reverse("desk:letter", args=[letter.number]))
    for shown in ("邻市", "对方已办结", "N-7", "已修好", "其他平台告知结果"):
        assert shown in page.content.decode()


def test_the_letter_desk_passes_a_letter_on_by_a_form():
    people, _ = city()
    _partner, letter = letter_for(people, "https://next.example/v2")
    desk, address = signed_in(people.officers["何清语"].account), reverse("desk:letter", args=[letter.number])
    send = reverse("desk:letter_step", args=[letter.number, "pass-on"])
    assert f'action="{send}"' in desk.get(address).content.decode()
    for wrong in ({"partner": "app", "service_code": "L1"}, {"partner": "next", "service_code": " "}):
        assert desk.post(send, wrong).status_code == 422  # that house takes nothing; no service named
    stranger = signed_in(people.officers["李军"].account)
    assert stranger.post(send, {"partner": "next", "service_code": "L1"}).status_code in (403, 404)
    assert not Passed.objects.exists()
    assert desk.post(send, {"partner": "next", "service_code": "L1"}).status_code == 302
    assert (Passed.objects.get().service_code, Message.objects.filter(channel="open311").count()) == ("L1", 1)
    assert f'action="{send}"' not in desk.get(address).content.decode(), "nobody is left to send it to"


def test_the_handler_is_told_and_nobody_else_once_there_is_one():
    people, _ = city()
    _partner, letter = letter_for(people, "https://next.example/v2")
    row = pass_on(letter.number, "next", service_code="L1", by=people.acting("何清语"), at=AT)
    letter_routed.route_letter(
        letter.number,
        organ_id=people.organ.pk,
        section_id=people.section.pk,
        seen=None,
        by=people.acting("何清语"),
        at=AT,
    )
    letter_routed.take_letter(letter.number, seen=None, by=people.acting("李军"), at=AT)
    hear_of(row, "closed", "", at=AT)
    [one] = Message.objects.filter(kind="letter.heard_of")
    assert one.account_id == people.officers["李军"].account_id


@pytest.mark.parametrize(
    ("code", "url"),
    [("next", "http://["), ("next", "ftp://next.example/"), ("next", "https://next.example:x/"), ("Nach bar", ""),
     ("", ""), ("x" * 31, ""), ("next\x00", "")],
)  # fmt: skip
def test_a_partner_is_admitted_with_an_address_or_not_at_all(db, code, url):
    with pytest.raises(CommandError):
        call_command("open311", "admit", code, "邻市", "--url", url)
    call_command("open311", "admit", "right", "邻市", "--url", "https://next.example/v2", stdout=StringIO())
    with pytest.raises(CommandError, match="known already"):
        call_command("open311", "admit", "right", "邻市")


def test_what_the_other_house_refuses_is_not_tried_again(elsewhere):
    people, _ = city()
    _partner, letter = letter_for(people, elsewhere)
    row = pass_on(letter.number, "next", service_code="L1", by=people.acting("何清语"), at=AT)
    Elsewhere.script = [(404, [{"code": 404, "description": "service_code was not found"}])]
    deliver_due(at=AT, only="open311")
    row.refresh_from_db()
    assert row.state == "refused"
    assert "service_code" in row.fault
    assert Message.objects.get(channel="open311").state == Message.REJECTED


def test_an_inner_address_is_never_called():
    people, _ = city()
    _partner, letter = letter_for(people, "http://127.0.0.1:9/open311/v2")
    row = pass_on(letter.number, "next", service_code="L1", by=people.acting("何清语"), at=AT)
    deliver_due(at=AT, only="open311")
    row.refresh_from_db()
    assert row.state == "refused"


def test_a_tip_and_a_stranger_pass_nothing_on(elsewhere):
    people, _ = city()
    _partner, letter = letter_for(people, elsewhere)
    tip = receive(kind=LetterKind.TIP, channel=Mailbox.WEB, subject_line="某某", text="收了烟", by=SYSTEM, at=AT)
    for number, who in ((tip.number, "何清语"), (tip.number, "孟守正"), (letter.number, "张敏")):
        with pytest.raises(Refusal):
            pass_on(number, "next", service_code="L1", by=people.acting(who), at=AT)
    assert Message.objects.filter(channel="open311").count() == 0


@pytest.mark.parametrize("kind", [LetterKind.TIP, LetterKind.REPORT])
def test_what_becomes_hidden_before_it_left_does_not_leave(elsewhere, kind):
    people, _ = city()
    _partner, letter = letter_for(people, elsewhere)
    pass_on(letter.number, "next", service_code="L1", by=people.acting("何清语"), at=AT)
    reclassified(people, letter.number, kind)
    deliver_due(at=AT, only="open311")
    assert Elsewhere.told == []


def test_a_letter_of_a_hidden_author_goes_to_no_other_house(elsewhere):
    people, _ = city()
    _partner, letter = letter_for(people, elsewhere)
    Letter.objects.filter(pk=letter.pk).update(confidential=True)
    with pytest.raises(Refusal, match=r"letter\.hidden"):
        pass_on(letter.number, "next", service_code="L1", by=people.acting("何清语"), at=AT)


def test_nothing_unprintable_reaches_xml():
    record = {"description": "a\x08b"}
    assert ET.fromstring(open311.written("requests", [record], "xml")).findtext("request/description") == "ab"
