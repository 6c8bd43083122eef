"""督办 in a real browser: a supervisor asks, the section answers, the supervisor verifies; the late order and its ladder."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.views import each_view
from tests.people import Cast, accepted, cast, decided
from zhengtong.base.seal.actions import seal_and_publish
from zhengtong.domains.orders.models import Order
from zhengtong.flows import order_accountability, order_issued, talk
from zhengtong.flows.order_sweep import sweep_orders
from zhengtong.rules.orders import Measure, OrderKind

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def people(transactional_db) -> Cast:
    return cast()


@pytest.fixture
def seat(open_page, people: Cast):
    def sit(name: str, width: int = DESK, language: str = "zh"):
        return open_page(width, language, account=people.officers[name].account)

    return sit


def late_order(people: Cast, case_no: str = "") -> Order:
    order = order_issued.issue_order(
        ("urging", case_no) if case_no else ("finding", ""), people.organ.pk, people.section.pk,
        "预付卡备案材料多次退回的督办", "申请人三次补正仍被退回。\n请核实一次性告知情况并整改。", OrderKind.COMPLEX,
        by=people.acting("吴涛"), at=timezone.now() - 60 * DAY,
    )  # fmt: skip
    sweep_orders(at=timezone.now())
    return order


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_an_order_is_issued_answered_and_closed(people: Cast, server, seat, axe, shot, width: int) -> None:
    case = accepted(people, at=timezone.now())
    supervisor = seat("吴涛", width)
    supervisor.goto(f"{server.url}/watch/case/{case.number}/")
    supervisor.get_by_role("link", name="下达督办单").click()
    supervisor.get_by_label("督办事项").fill("请说明补正情况")
    supervisor.get_by_label("督办内容").fill("请核实并书面说明。")
    axe(supervisor)
    shot(supervisor, f"orders-new-{width}")
    supervisor.get_by_role("button", name="发出督办单").click()
    order = Order.objects.get()
    expect(supervisor.get_by_role("heading", level=1)).to_have_text("请说明补正情况")

    clerk = seat("李军", width)
    clerk.goto(f"{server.url}/desk/orders/")
    axe(clerk)
    shot(clerk, f"orders-received-{width}")
    clerk.get_by_role("link", name="请说明补正情况").click()
    axe(clerk)
    shot(clerk, f"orders-desk-{width}")
    clerk.get_by_role("button", name="签收").click()
    clerk.get_by_label("办理情况").fill("已核实，补正一次告知，已向申请人说明。")
    clerk.get_by_role("button", name="提交回复").click()
    expect(clerk.get_by_text("回复已提交，等待核实。")).to_be_visible()

    supervisor.goto(f"{server.url}/watch/orders/{order.number}/")
    supervisor.get_by_label("核实意见").fill("与告知书一致。")
    supervisor.get_by_role("button", name="核实属实").click()
    supervisor.get_by_label("督办结果").fill("已整改。")
    axe(supervisor)
    supervisor.get_by_role("button", name="督办办结").click()
    expect(supervisor.get_by_text("督办单已办结。")).to_be_visible()
    axe(supervisor)
    shot(supervisor, f"orders-closed-{width}")
    order.refresh_from_db()
    assert order.state == "CLOSED"


@each_view
def test_the_pages_of_supervision(people: Cast, server, seat, axe, shot, valid_html, width: int, language: str) -> None:
    case = decided(people, at=timezone.now() - 2 * DAY)
    urged = accepted(people, 2, at=timezone.now())
    talk.urge(urged.number, by=people.applicant, at=timezone.now())
    order = late_order(people, urged.number)
    row = order_accountability.record_admonition(
        staff_no="handler", measure=Measure.TALK, reason="两次逾期未回复督办单。", decided_by="云泽市商务局",
        document_no="云商〔2026〕3号", decided_on=timezone.localdate(), order_no=order.number,
        tolerance_note="性质、目的、程序、态度四项审查，不适用容错免责。", by=people.acting("吴涛"), at=timezone.now(),
    )  # fmt: skip
    seal_and_publish(at=timezone.now())
    seal_and_publish(at=timezone.now())
    pages = {
        "orders": "/watch/orders/",
        "order": f"/watch/orders/{order.number}/",
        "order-new": "/watch/orders/new/",
        "accountability": "/watch/accountability/",
        "admonition": f"/watch/accountability/{row.number}/",
        "admonition-new": "/watch/accountability/new/",
        "case": f"/watch/case/{case.number}/",
        "case-urged": f"/watch/case/{urged.number}/",
    }
    supervisor, html = seat("吴涛", width, language), {}
    for name, address in pages.items():
        supervisor.goto(server.url + address)
        axe(supervisor)
        shot(supervisor, f"watch-{name}-{language}-{width}")
        assert supervisor.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        html[address] = supervisor.content()
    clerk = seat("李军", width, language)
    for name, address in (
        ("orders", "/desk/orders/"), ("order", f"/desk/orders/{order.number}/"),
        ("admonition", f"/desk/orders/accountability/{row.number}/"),
    ):  # fmt: skip
        clerk.goto(server.url + address)
        axe(clerk)
        shot(clerk, f"desk-{name}-{language}-{width}")
        html[address] = clerk.content()
    valid_html(html)
