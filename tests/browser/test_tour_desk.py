"""A case through the inner house in a real browser: taken in, accepted, handled, reviewed, approved, finished, delivered."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.late import hold
from tests.people import Cast, accepted, cast, submitted
from zhengtong.domains.cases.models import Case
from zhengtong.domains.registry.models import Officer, Organ
from zhengtong.exchange.log_import import import_log
from zhengtong.exchange.log_map import read_map

RECEIPT = Path(__file__).resolve().parents[2] / "zhengtong" / "city" / "data" / "receipt.csv.gz"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db) -> Cast:
    return cast("991021011000", "991021023000", "990121008000")


@pytest.fixture
def seat(open_page, people: Cast):
    """A colleague's browser, as wide as asked."""

    def sit(officer: str | Officer, width: int = DESK, language: str = "zh") -> Page:
        row = people.officers[officer] if isinstance(officer, str) else officer
        return open_page(width, language, account=row.account)

    return sit


def at(path: str, server) -> str:
    return server.url + path


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_case_from_counter_to_delivery(people: Cast, server, seat, axe, shot, width: int) -> None:
    clerk = seat("张敏", width)

    def judged(page, name):
        axe(page)
        shot(page, f"desk-{name}-{width}")

    clerk.goto(at("/desk/", server))
    judged(clerk, "empty")
    clerk.goto(at("/desk/counter/", server))
    judged(clerk, "counter")
    clerk.get_by_role("searchbox").fill("yfk")
    clerk.locator("#hits a", has_text="单用途商业预付卡").click()
    _fill_prepaid(clerk, people)
    judged(clerk, "counter-item")
    clerk.get_by_role("button", name="收件并受理").click()
    expect(clerk.get_by_role("link", name="再收一件")).to_be_visible()
    judged(clerk, "received")
    case = Case.objects.get()
    assert case.state == "PROCESSING"

    for word, state in (("提交意见", "REVIEWING"), ("提交意见", "APPROVING")):
        officer = Officer.objects.get(pk=Case.objects.get().holder_id)
        page = seat(officer, width)
        page.goto(at("/desk/", server))
        judged(page, f"inbox-{state}")
        page.locator("[data-open]").first.click()
        judged(page, f"case-{state}")
        page.locator("#id_forward_opinion").fill("材料齐全，符合条件，建议办理。")
        page.get_by_role("button", name=word, exact=True).click()
        expect(page.locator(".messages")).to_contain_text(case.number)
        assert Case.objects.get().state == state

    approver = seat(Officer.objects.get(pk=Case.objects.get().holder_id), width)
    approver.goto(at(f"/desk/cases/{case.number}/", server))
    approver.locator("label.choice", has_text="准予").first.click()
    approver.locator("#id_decide_opinion").fill("同意备案。")
    judged(approver, "case-approve")
    approver.get_by_role("button", name="签发决定").click()
    approver.get_by_role("dialog").get_by_role("button", name="签发决定").click()
    expect(approver.locator(".messages")).to_contain_text("决定已作出")

    clerk.goto(at("/desk/pool/", server))
    judged(clerk, "pool")
    clerk.goto(at(f"/desk/cases/{case.number}/", server))
    clerk.get_by_role("button", name="办结并通知申请人领取").click()
    expect(clerk.locator(".messages")).to_contain_text("已办结")
    clerk.locator("#id_deliver_recipient").fill("林小雨")
    clerk.get_by_role("button", name="送达并出具送达回证").click()
    expect(clerk.locator(".messages")).to_contain_text("已送达")
    assert Case.objects.get().state == "DELIVERED"
    clerk.goto(at(f"/desk/cases/{case.number}/", server))
    judged(clerk, "case-delivered")


def _fill_prepaid(page: Page, people: Cast) -> None:
    page.locator("#id_uscc").fill(people.enterprise.uscc)
    page.locator("#id_phone").fill("13800000001")
    page.keyboard.press("Tab")
    expect(page.locator("#found")).to_contain_text("云泽联运商贸有限公司")
    for select in page.locator("#questions select[data-asks]").all():
        select.select_option(index=1)
    page.wait_for_load_state("networkidle")
    from tests.answers import VALUES

    for _round in range(3):
        for box in page.locator("#questions .two input:visible, #questions .two select:visible").all():
            kind, value = box.get_attribute("type"), None
            if kind == "radio" or kind == "checkbox":
                name = box.get_attribute("name")
                if not page.locator(f'[name="{name}"]:checked').count():
                    page.locator(f'label:has([name="{name}"])').first.click()
                    page.wait_for_load_state("networkidle")
                continue
            if box.input_value():
                continue
            name = box.get_attribute("name") or ""
            if box.evaluate("one => one.tagName") == "SELECT":
                box.select_option(index=1)
                page.wait_for_load_state("networkidle")
                continue
            value = VALUES["date"] if kind == "date" else "13800000002" if kind == "tel" else "100"
            if "uscc" in name:
                value = people.enterprise.uscc
            elif "name" in name or "representative" in name or "contact" in name or "address" in name or "bank" in name:
                value = "云泽测试"
            box.fill(value)
    page.locator("label", has_text="必须的材料全部收到").click()


def test_lists_and_reports(people: Cast, server, seat, axe, shot) -> None:
    now = timezone.now()
    for number, days in enumerate((24, 6, 4, 1), start=1):
        accepted(people, number, at=now - timedelta(days=days))
    submitted(people, 9, at=now - timedelta(hours=3))
    holder = Officer.objects.get(pk=Case.objects.filter(holder__isnull=False).first().holder_id)
    page = seat(holder)
    page.goto(at("/desk/", server))
    axe(page)
    shot(page, "desk-inbox-mixed")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/**")
    shot(page, "desk-case-late")
    head = seat("蒋华", language="en")
    for path in (
        "/desk/",
        "/desk/files/",
        "/desk/files/?open=1&late=1",
        "/desk/register/",
        "/desk/reports/",
        f"/desk/reports/permits/{people.organ.code}/",
    ):
        head.goto(at(path, server))
        axe(head)
        shot(head, "desk-en-" + path.strip("/").replace("/", "-").replace("?", "-"))
    clerk = seat("张敏", PHONE, "en")
    for path in ("/desk/pool/", "/desk/counter/", f"/desk/cases/{Case.objects.order_by('id').last().number}/"):
        clerk.goto(at(path, server))
        axe(clerk)
        shot(clerk, "desk-en-phone-" + path.strip("/").split("/")[1])


def test_what_was_typed_before_the_script_came_is_looked_up(people: Cast, server, seat) -> None:
    clerk = seat("张敏")
    come = hold(clerk, "**/counter*.js")
    clerk.goto(at("/desk/counter/", server), wait_until="commit")
    clerk.get_by_role("searchbox").fill("yfk")
    come()
    clerk.locator("#hits a", has_text="单用途商业预付卡").wait_for()
    clerk.unroute("**/counter*.js")
    come = hold(clerk, "**/counter*.js")
    clerk.goto(at(f"/desk/counter/items/{people.item().item_code}/", server), wait_until="commit")
    clerk.get_by_label("统一社会信用代码").first.fill(people.enterprise.uscc)
    clerk.get_by_label("联系手机").first.fill("123")
    come()
    expect(clerk.locator("#found")).to_contain_text(people.enterprise.name)
    expect(clerk.locator("#id_phone-error")).to_be_visible()


def test_the_pages_are_valid_html(people: Cast, valid_html) -> None:
    now = timezone.now()
    for number, days in enumerate((24, 1), start=1):
        accepted(people, number, at=now - timedelta(days=days))
    waiting = submitted(people, 9, at=now - timedelta(hours=3))
    Case.objects.filter(pk=waiting.pk).update(holder=people.officers["张敏"])
    clerk, manager = Client(), Client()
    clerk.force_login(people.officers["张敏"].account)
    manager.force_login(people.officers["蒋华"].account)
    counter = f"/desk/counter/items/{people.item().item_code}/"
    pages = {
        path: clerk.get(path).content.decode()
        for path in ("/desk/", "/desk/pool/", "/desk/counter/", counter, f"/desk/cases/{waiting.number}/")
    }
    pages["refused"] = clerk.post(counter, {"do": "accept", "kind": "enterprise", "uscc": "1"}).content.decode()
    pages["notice"] = clerk.post(counter, {"do": "notice", "kind": "enterprise"}).content.decode()
    for path in ("/desk/files/", "/desk/register/", "/desk/reports/", f"/desk/reports/permits/{people.organ.code}/"):
        pages[path] = manager.get(path).content.decode()
    holder = Client()
    case = Case.objects.filter(state="PROCESSING").first()
    holder.force_login(case.holder.account)
    pages["handled"] = holder.get(f"/desk/cases/{case.number}/").content.decode()
    pages["stale"] = holder.post(
        f"/desk/cases/{case.number}/steps/forward/", {"seen": 0, "opinion": "意见意见"}
    ).content.decode()
    valid_html(pages)


def test_imported_permits_show_well(people: Cast, server, seat, axe, shot) -> None:
    organ = Organ.objects.create(
        code="11990100MB0096938P", name="云泽市生态环境局", name_en="Yunze Bureau of Ecology", short_name="云环",
        region=people.region,
    )  # fmt: skip
    import_log(RECEIPT, read_map("receipt"), at=timezone.now())
    late = Case.objects.filter(imported=True, finished_at__isnull=True).order_by("due_at").first()
    for width, language in ((DESK, "zh"), (PHONE, "en")):
        page = seat("吴涛", width, language)
        report = f"/desk/reports/permits/{organ.code}/"
        for name, path in (
            ("report", report),
            ("acts", report + "acts/"),
            ("people", report + "people/"),
            ("case", f"/desk/cases/{late.number}/"),
        ):
            page.goto(at(path, server))
            axe(page)
            shot(page, f"desk-permit-{name}-{language}")


def test_nothing_runs_off_a_narrow_screen(people: Cast, server, seat) -> None:
    accepted(people, 1, at=timezone.now() - timedelta(days=24))
    waiting = submitted(people, 9, at=timezone.now() - timedelta(hours=3))
    Case.objects.filter(pk=waiting.pk).update(holder=people.officers["张敏"])
    counter = f"/desk/counter/items/{people.item().item_code}/"
    for officer, language, paths in (
        ("张敏", "en", ("/desk/", "/desk/pool/", "/desk/counter/", counter, f"/desk/cases/{waiting.number}/")),
        ("蒋华", "zh", ("/desk/files/?open=1", "/desk/register/", "/desk/reports/")),
    ):
        page = seat(officer, 320, language)
        for path in paths:
            page.goto(at(path, server))
            wide = page.evaluate(
                "() => [...document.querySelectorAll('main *')].filter((one) => one.getBoundingClientRect().right > 321"
                " && !one.closest('.scroll, .unseen, dialog')).map((one) => one.outerHTML.slice(0, 90))"
            )
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, (path, wide[:5])
