"""Every page of the case work in English: no Chinese that is not said to be Chinese."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.people import Cast, accepted, cast, decided, submitted
from tests.web.test_desk_cases import OILS, act, at_desk, holder_of, now, url
from tests.web.test_desk_counter import IDENTITY, post_of
from tests.web.test_frame_pages import strayed
from zhengtong.domains.cases.models import Case
from zhengtong.flows import talk

pytestmark = pytest.mark.django_db
PREPAID = "991021011000"


@pytest.fixture
def people() -> Cast:
    return cast(PREPAID, OILS, IDENTITY)


def english(people: Cast, name: str):
    client = at_desk(people, name)
    client.cookies["zhengtong_language"] = "en"
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def check(response) -> None:
    html = response.content.decode()
    assert '<html lang="en"' in html
    assert strayed(html) == []


@pytest.mark.parametrize(
    "address",
    ["/desk/", "/desk/pool/", "/desk/consultations/", "/desk/counter/", "/desk/files/?open=1", "/desk/register/"],
)
def test_lists(people: Cast, address: str) -> None:
    for number, days in enumerate((1, 40), start=1):
        accepted(people, number, at=timezone.now() - timedelta(days=days))
    submitted(people, 9, at=now())
    Case.objects.filter(holder__isnull=False).update(holder=people.officers["张敏"])
    check(english(people, "张敏").get(address))


@pytest.mark.parametrize(
    "address",
    [
        "/desk/reports/",
        "/desk/reports/permits/{}/",
        "/desk/reports/permits/{}/acts/",
        "/desk/reports/permits/{}/people/",
        "/desk/files/?imported=1&q=x",
    ],
)
def test_reports(people: Cast, address: str) -> None:
    accepted(people, at=now())
    Case.objects.update(imported=True)
    check(english(people, "吴涛").get(address.format(people.organ.code)))


def test_a_case_before_acceptance_and_after_decision(people: Cast) -> None:
    case = submitted(people, at=now())
    clerk = english(people, "张敏")
    check(clerk.get(url(case)))
    defect = {"seen": case.version, "defect.card_package.problem": "章程不全", "defect.card_package.remedy": "请补交"}
    half = clerk.post(url(case, "supplement-notice/"), defect | {"defect.card_package.remedy": ""})
    check(half)
    clerk.post(url(case, "supplement-notice/"), defect)
    check(clerk.get(url(case)))
    done = decided(people, 2, at=now())
    check(clerk.get(url(done)))
    check(clerk.get(f"/desk/counter/received/{done.number}/"))


def test_a_suspended_case_with_messages_and_a_refused_step(people: Cast) -> None:
    case = accepted(people, tail=OILS, at=now())
    talk.say(case.number, text="什么时候好？", by=people.applicant, at=now())
    talk.note(case.number, text="电话问过。", by=people.acting("张敏"), at=now())
    client = english(people, holder_of(people, case))
    check(client.get(url(case)))
    check(client.post(url(case, "steps/forward/"), {"seen": 1, "opinion": "材料齐全，符合条件。"}))
    code = next(f for f in client.get(url(case)).context["forms"] if f.name == "suspend").fields["code"].choices[0][0]
    act(client, case, "suspend", code=code, days="10", reason="需要专家评审。")
    check(client.get(url(case)))
    check(client.get("/desk/"))
    check(english(people, "吴涛").get(url(case)))


def test_handing_over(people: Cast) -> None:
    case = accepted(people, at=now())
    check(
        english(people, "孙丽").post("/desk/files/assign/", {"case": f"{case.number}:{case.version}", "reason": "休假"})
    )
    check(english(people, "孙丽").post("/desk/files/assign/", {}))


def test_the_counter(people: Cast) -> None:
    clerk = english(people, "张敏")
    address = f"/desk/counter/items/{people.item().item_code}/"
    check(clerk.get(address))
    post = post_of(people) | {"agent_name": "高远"}
    check(clerk.post(address, post | {"do": "look"}))
    check(clerk.post(address, post | {"do": "accept"}))
    check(clerk.post(address, post | {"do": "notice"}))
    check(clerk.get(f"/desk/counter/items/{people.item(IDENTITY).item_code}/"))
