"""A ticket's day: taken, called, called again, passed, back, sent on, put first, served, given up, left over."""

from datetime import timedelta

import pytest

from tests.hall import MINUTE, open_all_day, queued, taken
from tests.people import AT, Cast, cast
from zhengtong.base.journal import Subject, check_subject
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.outbox.models import Message
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.hall import queries
from zhengtong.domains.hall.models import Sitting, Ticket, Visit
from zhengtong.domains.ratings.models import Node
from zhengtong.flows import ticket_called, ticket_house, ticket_left, ticket_served, ticket_window
from zhengtong.rules.refusal import Refusal, RefusalCode

pytestmark = pytest.mark.django_db
CODE = RefusalCode


@pytest.fixture
def people() -> Cast:
    people = cast()
    people.windows = queued(people)
    return people


def call(people, name="张敏", number=1, at=AT) -> Ticket | None:
    return ticket_called.call_next(people.windows[number - 1].pk, by=people.acting(name), at=at)


def refused(act, *args, **kwargs) -> RefusalCode:
    with pytest.raises(Refusal) as told:
        act(*args, **kwargs)
    return told.value.code


def kinds(ticket: Ticket) -> list[str]:
    return [entry.kind.removeprefix("ticket.") for entry in entries_of("ticket", str(ticket.key))]


def sound(subject: Subject) -> bool:
    row = type(subject)._default_manager.get(pk=subject.pk)
    return check_subject(row, list(entries_of(row.journal_kind, row.journal_key))) == []


def test_labels_follow_each_other_in_each_queue(people):
    tickets = [taken(), taken(queue="licences"), taken(), taken(at=AT - timedelta(days=1))]
    assert [ticket.label for ticket in tickets] == ["A001", "B001", "A002", "A001"]
    assert len({ticket.key for ticket in tickets}) == 4


def test_a_ticket_keeps_what_was_announced(people):
    for name, number in (("张敏", 1), ("陈静", 2)):
        ticket_window.open_window(people.windows[number - 1].pk, by=people.acting(name), at=AT)
    first, *_, last = [taken() for _ in range(5)]
    assert (first.ahead, first.announced_minutes) == (0, 0)
    assert (last.ahead, last.announced_minutes) == (4, 20)  # two windows, ten minutes each: two rounds
    assert last.announced_low <= 20 <= last.announced_high
    row = Ticket.objects.get(pk=last.pk)
    assert (row.announced_low, row.announced_high) == (last.announced_low, last.announced_high)


def test_one_open_ticket_for_a_phone_in_a_queue(people):
    taken(phone="13800000001")
    assert refused(taken, phone="13800000001") is CODE.TICKET_OPEN
    assert taken(phone="13800000001", queue="licences").label == "B001"
    assert taken(phone="13800000002").label == "A002"


def test_once_it_is_served_the_phone_may_come_again(people):
    ticket = taken(phone="13800000001")
    call(people)
    ticket_served.served(ticket.key, by=people.acting("张敏"), at=AT)
    assert taken(phone="13800000001").label == "A002"


def test_no_tickets_when_the_hall_is_shut(people):
    assert refused(taken, at=AT.replace(hour=0, minute=29)) is CODE.HALL_SHUT  # 08:29
    assert taken(at=AT.replace(hour=0, minute=30)).label == "A001"  # half an hour before the doors
    assert taken(at=AT.replace(hour=4, minute=30)).label == "A002"  # over noon
    assert refused(taken, at=AT.replace(hour=9)) is CODE.HALL_SHUT  # 17:00
    holiday = AT + timedelta(days=1)  # 中秋
    assert refused(taken, at=holiday) is CODE.HALL_SHUT_TODAY
    open_all_day(holiday.date())
    assert taken(at=holiday).label == "A001"


def test_a_queue_given_up_takes_nobody_new_and_is_called_to_its_end(people):
    ticket = taken()
    form = ticket_house.QueueForm("A", "综合业务", active=False, window_ids=[w.pk for w in people.windows])
    ticket_house.change_queue("H01", "general", form, by=people.acting("蒋华"), at=AT)
    assert refused(taken) is CODE.QUEUE_SHUT
    assert call(people).pk == ticket.pk


def test_the_green_channel_is_opened_by_the_house_alone(people):
    assert refused(taken, priority="green") is CODE.PERMISSION_MISSING
    by = people.acting("罗婉秋")
    ticket = ticket_served_by_desk(by, priority="green")
    assert ticket.turn == AT - 20 * MINUTE
    assert refused(taken, priority="appointment") is CODE.FORM_CHOICE


def ticket_served_by_desk(by, **others) -> Ticket:
    from zhengtong.flows.ticket_taken import take_ticket

    return take_ticket("H01", "general", channel="desk", by=by, at=AT, **others)


def test_who_has_precedence_is_called_before_who_came_a_little_earlier(people):
    ordinary = taken(at=AT)
    elderly = taken(at=AT + 10 * MINUTE, priority="elderly")
    later = taken(at=AT + 30 * MINUTE, priority="elderly")
    order = []
    for minute in range(31, 34):
        ticket = call(people, at=AT + minute * MINUTE)
        order.append(ticket.pk)
        ticket_served.served(ticket.key, by=people.acting("张敏"), at=AT + minute * MINUTE)
    assert order == [elderly.pk, ordinary.pk, later.pk]


def test_a_window_calls_only_what_it_serves(people):
    licence, general = taken(queue="licences"), taken(at=AT + MINUTE)
    assert call(people, at=AT + 2 * MINUTE).pk == general.pk
    assert call(people, "陈静", 2, at=AT + 2 * MINUTE) is None
    ticket_window.close_window(people.windows[1].pk, by=people.acting("陈静"), at=AT + 3 * MINUTE)
    assert call(people, "陈静", 3, at=AT + 3 * MINUTE).pk == licence.pk


def test_a_window_without_a_queue_is_told_so(people):
    from zhengtong.domains.registry.models import ServiceWindow

    lonely = ServiceWindow.objects.create(hall=people.windows[0].hall, number="9", name="9号窗口")
    code = refused(ticket_called.call_next, lonely.pk, by=people.acting("张敏"), at=AT)
    assert code is CODE.WINDOW_WITHOUT_QUEUE


def test_a_window_of_another_organ_is_not_theirs(people):
    from tests.people import hire
    from zhengtong.domains.registry.models import Organ
    from zhengtong.domains.registry.queries import officer_acting
    from zhengtong.rules.roles import Role

    water = Organ.objects.create(
        code="91990100MB00000002", name="云泽市水利局", short_name="云水", region=people.region
    )
    window = people.windows[0]
    window.organ = people.organ
    window.save()
    officer = hire(water, None, "何水", "water", Role.WINDOW)
    by = officer_acting(officer.account_id, AT.date())
    assert refused(ticket_called.call_next, window.pk, by=by, at=AT) is CODE.WINDOW_OF_OTHER_ORGAN
    assert call(people) is None  # his own organ's clerk may


def test_recall_three_times_then_pass(people):
    ticket = taken()
    call(people)
    by = people.acting("张敏")
    for _ in range(3):
        ticket_called.recall(ticket.key, by=by, at=AT)
    assert refused(ticket_called.recall, ticket.key, by=by, at=AT) is CODE.TICKET_CALLED_OFTEN
    ticket_called.pass_over(ticket.key, by=by, at=AT + MINUTE)
    assert kinds(ticket) == ["taken", "called", "recalled", "recalled", "recalled", "passed"]
    assert Visit.objects.get().outcome == Visit.PASSED
    assert sound(ticket)


def test_who_was_passed_comes_back_behind_the_next_three(people):
    tickets = [taken(at=AT + minute * MINUTE) for minute in range(6)]
    call(people, at=AT + 6 * MINUTE)
    ticket_called.pass_over(tickets[0].key, by=people.acting("张敏"), at=AT + 7 * MINUTE)
    back = ticket_called.check_in_again(tickets[0].key, by=SYSTEM, at=AT + 20 * MINUTE)
    assert queries.place_of(back) == 3
    assert [one.label for one in queries.waiting_at(people.windows[0].pk, AT.date())] == [
        "A002", "A003", "A004", "A001", "A005", "A006",
    ]  # fmt: skip


def test_after_half_an_hour_one_takes_a_new_ticket(people):
    ticket = taken()
    call(people)
    ticket_called.pass_over(ticket.key, by=people.acting("张敏"), at=AT)
    late = AT + 31 * MINUTE
    assert refused(ticket_called.check_in_again, ticket.key, by=SYSTEM, at=late) is CODE.TICKET_RETURN_LATE
    assert (
        refused(ticket_called.check_in_again, ticket.key, by=SYSTEM, at=AT + timedelta(days=1))
        is CODE.TICKET_OF_OTHER_DAY
    )
    assert ticket_called.check_in_again(ticket.key, by=SYSTEM, at=AT + 30 * MINUTE).state == "WAITING"


def test_the_clock_passes_over_who_does_not_come(people):
    ticket = taken(phone="13800000001")
    call(people)
    assert ticket_left.pass_unanswered(at=AT + 2 * MINUTE) == 0
    assert ticket_left.pass_unanswered(at=AT + 3 * MINUTE) == 1
    assert ticket_left.pass_unanswered(at=AT + 3 * MINUTE) == 0
    assert kinds(ticket) == ["taken", "called", "passed"]
    assert Message.objects.get(kind="ticket.passed").address == "13800000001"
    assert call(people, at=AT + 4 * MINUTE) is None  # the window is free


def test_a_transferred_ticket_keeps_its_place_and_its_window(people):
    first, second = taken(), taken(at=AT + MINUTE, queue="licences")
    call(people, at=AT + 2 * MINUTE)
    moved = ticket_called.transfer(
        first.key, queue_code="licences", window_id=people.windows[2].pk, by=people.acting("张敏"), at=AT + 5 * MINUTE
    )
    assert (moved.label, moved.queue.code, moved.only_window) == ("A001", "licences", people.windows[2])
    assert queries.place_of(second) == 1
    assert call(people, at=AT + 5 * MINUTE) is None  # sent to window 3 alone
    assert call(people, "陈静", 3, at=AT + 6 * MINUTE).pk == first.pk
    assert [visit.outcome for visit in Visit.objects.all()] == [Visit.TRANSFERRED]
    assert sound(first)


def test_the_manager_pins_with_a_reason_and_nobody_else_does(people):
    taken()
    last = taken(at=AT + 5 * MINUTE)
    assert refused(ticket_called.pin, last.key, reason="急", by=people.acting("张敏"), at=AT) is CODE.PERMISSION_MISSING
    assert refused(ticket_called.pin, last.key, reason=" ", by=people.acting("蒋华"), at=AT) is CODE.TEXT_REQUIRED
    ticket_called.pin(last.key, reason="突发不适", by=people.acting("蒋华"), at=AT + 6 * MINUTE)
    assert call(people, at=AT + 7 * MINUTE).pk == last.pk
    assert sound(last)


def test_served_opens_one_rating_for_the_one_who_came(people):
    ticket = taken(phone="13800000001")
    call(people)
    by = people.acting("张敏")
    ticket_served.start(ticket.key, by=by, at=AT + MINUTE)
    ticket_served.served(ticket.key, by=by, at=AT + 8 * MINUTE)
    node = Node.objects.get()
    assert (node.kind, node.subject_key) == ("ticket", str(ticket.key))
    assert (node.window_id, node.officer_id) == (people.windows[0].pk, people.officers["张敏"].pk)
    assert refused(ticket_served.served, ticket.key, by=by, at=AT + 9 * MINUTE) is CODE.TICKET_WRONG_STATE
    visit = Visit.objects.get()
    assert (visit.outcome, visit.seconds) == (Visit.SERVED, 8 * 60)


def test_a_stale_page_serves_nobody(people):
    ticket = taken()
    call(people)
    code = refused(ticket_served.served, ticket.key, seen=ticket.version, by=people.acting("张敏"), at=AT)
    assert code is CODE.STALE


def test_only_the_window_that_called_may_act(people):
    ticket = taken()
    call(people)
    for act in (ticket_called.recall, ticket_called.pass_over, ticket_served.start, ticket_served.served):
        assert refused(act, ticket.key, by=people.acting("陈静"), at=AT) is CODE.TICKET_AT_OTHER_WINDOW
    assert refused(ticket_served.start, ticket.key, by=people.applicant, at=AT) is CODE.PERMISSION_MISSING


def test_those_whose_turn_is_near_are_told_once(people):
    tickets = [taken(at=AT + n * MINUTE, phone=f"1380000000{n}") for n in range(6)]
    call(people, at=AT + 10 * MINUTE)
    told = Message.objects.filter(kind="ticket.near").order_by("id")
    assert [message.address[-1] for message in told] == ["1", "2", "3", "4"]
    assert [message.payload["ahead"] for message in told] == [0, 1, 2, 3]
    assert told[0].payload["path"] == f"/hall/tickets/{tickets[1].key}/"
    call(people, "陈静", 2, at=AT + 11 * MINUTE)
    assert [message.address[-1] for message in told.all()] == ["1", "2", "3", "4", "5"]


def test_who_gives_up_frees_the_place(people):
    first, second = taken(), taken()
    ticket_left.leave(first.key, by=people.applicant, at=AT)
    assert call(people).pk == second.pk
    assert refused(ticket_left.leave, first.key, by=people.applicant, at=AT) is CODE.TICKET_WRONG_STATE


def test_what_is_left_over_is_closed_some_hours_after_the_doors(people):
    waiting, serving = taken(at=AT), taken(at=AT - MINUTE)
    ticket = call(people, at=AT)
    assert ticket.pk == serving.pk
    ticket_served.start(serving.key, by=people.acting("张敏"), at=AT)
    evening = AT.replace(hour=10, minute=59)  # 18:59
    assert ticket_left.close_leftovers(at=evening) == 0
    assert ticket_left.close_leftovers(at=evening + MINUTE) == 2
    waiting.refresh_from_db()
    serving.refresh_from_db()
    assert (waiting.state, serving.state) == ("CLOSED", "SERVED")
    assert Node.objects.count() == 1  # a visit somebody forgot to end was a service all the same
    sitting = Sitting.objects.get()
    assert sitting.closed_at is not None
    assert sound(sitting)
    assert ticket_left.close_leftovers(at=evening + MINUTE) == 0
    assert sound(waiting)
    assert sound(serving)


def test_yesterdays_leftovers_are_closed_in_the_morning(people):
    taken()
    call(people)
    assert ticket_left.close_leftovers(at=AT + timedelta(days=1)) == 1
    sitting = Sitting.objects.get()
    assert sitting.closed_at - sitting.opened_at < timedelta(hours=23)  # a night is no work
    assert (Visit.objects.get().outcome, Visit.objects.get().seconds) == (Visit.FORGOTTEN, 0)
    assert call(people, at=AT + timedelta(days=4)) is None


def test_the_estimate_knows_lunch_and_who_comes_back(people):
    ticket_window.open_window(people.windows[0].pk, by=people.acting("张敏"), at=AT)
    noon = AT.replace(hour=3, minute=55)  # 11:55, windows call until 12:00
    line = [taken(at=noon) for _ in range(2)]
    queue = queries.queue_by_code("H01", "general")
    assert [ticket.announced_minutes for ticket in line] == [0, 65]  # the second after lunch, at 13:00
    ticket_window.close_window(people.windows[0].pk, minutes=20, by=people.acting("张敏"), at=AT)
    assert queries.estimate(queue, AT + 5 * MINUTE).minutes >= 15


def test_the_estimate_learns_from_what_happened(people):
    by = people.acting("张敏")
    for n in range(30):  # three minutes each, not ten
        at = AT + n * 3 * MINUTE
        ticket = taken(at=at)
        call(people, at=at)
        ticket_served.served(ticket.key, by=by, at=at + 3 * MINUTE)
    at = AT + 90 * MINUTE
    for _ in range(6):
        taken(at=at)
    assert queries.estimate(queries.queue_by_code("H01", "general"), at).minutes == pytest.approx(6 * 4, abs=2)


def test_the_board_shows_one_moment_and_its_mark_moves_with_every_step(people, django_assert_max_num_queries):
    taken()
    marks = [queries.mark("H01", AT.date())]
    ticket = call(people)
    marks.append(queries.mark("H01", AT.date()))
    with django_assert_max_num_queries(18):
        board = queries.board("H01", AT + MINUTE)
    first = board.windows[0]
    assert (first.window.number, first.label, first.state) == ("1", "A001", "CALLED")
    assert [(one.label, one.window, one.times) for one in board.calls] == [("A001", "1", 1)]
    ticket_called.recall(ticket.key, by=people.acting("张敏"), at=AT)
    marks.append(queries.mark("H01", AT.date()))
    ticket_called.pass_over(ticket.key, by=people.acting("张敏"), at=AT)
    marks.append(queries.mark("H01", AT.date()))
    ticket_window.close_window(people.windows[0].pk, by=people.acting("张敏"), at=AT)
    marks.append(queries.mark("H01", AT.date()))
    assert len(set(marks)) == len(marks)
    with django_assert_max_num_queries(1):
        queries.mark("H01", AT.date())


def test_queues_for_an_item_go_from_the_narrow_to_the_wide(people):
    item = people.item()
    assert [one.code for one in queries.queues_for("H01", item.pk, people.organ.pk)] == ["general", "licences"]
    licences = queries.queue_by_code("H01", "licences")
    licences.organs.add(people.organ)
    assert [one.code for one in queries.queues_for("H01", item.pk, people.organ.pk)] == ["licences"]
    general = queries.queue_by_code("H01", "general")
    general.items.add(item)
    assert [one.code for one in queries.queues_for("H01", item.pk, people.organ.pk)] == ["general"]


def test_only_who_keeps_the_hall_changes_it(people):
    form = ticket_house.QueueForm("C", "咨询", window_ids=[people.windows[0].pk])
    by = people.acting("张敏")
    assert refused(ticket_house.open_queue, "H01", "advice", form, by=by, at=AT) is CODE.PERMISSION_MISSING
    assert refused(ticket_house.set_hours, "H01", {0: "09:00-12:00"}, by=by, at=AT) is CODE.PERMISSION_MISSING


def test_a_step_asks_little(people, django_assert_max_num_queries):
    ticket_window.open_window(people.windows[0].pk, by=people.acting("张敏"), at=AT)
    for _ in range(20):
        taken()
    with django_assert_max_num_queries(20):
        taken(phone="13800000001")
    by = people.acting("张敏")
    with django_assert_max_num_queries(14):
        ticket = ticket_called.call_next(people.windows[0].pk, by=by, at=AT)
    with django_assert_max_num_queries(7):
        ticket_served.start(ticket.key, by=by, at=AT)
    with django_assert_max_num_queries(14):
        ticket_served.served(ticket.key, by=by, at=AT)


def test_a_ticket_finished_by_mistake_is_taken_up_again(people):
    clerk = people.acting("张敏")
    first, second = taken(), taken()
    ticket = call(people)
    ticket_served.start(first.key, by=clerk, at=AT + MINUTE)
    ticket_served.served(first.key, by=clerk, at=AT + 2 * MINUTE)
    call(people, at=AT + 2 * MINUTE)
    called = ticket_served.reopen(first.key, by=clerk, at=AT + 3 * MINUTE)
    assert called is not None
    assert called.key == second.key
    ticket, second = queries.ticket_for(first.key), queries.ticket_for(second.key)
    assert (ticket.state, ticket.ended_at, ticket.started_at) == ("SERVING", None, AT + MINUTE)
    assert second.state == "WAITING"
    assert [one.pk for one in queries.waiting_at(people.windows[0].pk, ticket.on)] == [second.pk]
    assert kinds(ticket)[-2:] == ["served", "reopened"]
    assert sound(ticket)
    assert sound(second)
    ticket_served.served(ticket.key, by=clerk, at=AT + 10 * MINUTE)
    assert Node.objects.count() == 1, "one visit is rated once"
    assert [visit.ended_at for visit in Visit.objects.filter(ticket=ticket)] == [AT + 10 * MINUTE], "and counted once"


def test_it_is_taken_up_again_only_where_it_was_finished_and_before_the_next(people):
    clerk = people.acting("张敏")
    first, second = taken(), taken()
    call(people)
    ticket_served.served(first.key, by=clerk, at=AT + MINUTE)
    assert refused(ticket_served.reopen, first.key, by=people.acting("陈静"), at=AT) is CODE.TICKET_AT_OTHER_WINDOW
    call(people, at=AT + MINUTE)
    ticket_served.start(second.key, by=clerk, at=AT + 2 * MINUTE)
    assert refused(ticket_served.reopen, first.key, by=clerk, at=AT + 2 * MINUTE) is CODE.WINDOW_BUSY
    ticket_served.served(second.key, by=clerk, at=AT + 3 * MINUTE)
    assert refused(ticket_served.reopen, first.key, by=clerk, at=AT + 4 * MINUTE) is CODE.TICKET_REOPEN_LATE
    assert refused(ticket_served.reopen, taken(queue="licences").key, by=clerk, at=AT) is CODE.TICKET_WRONG_STATE


def test_whoever_took_a_new_ticket_keeps_that_one(people):
    clerk = people.acting("张敏")
    first = taken(phone="13800000001")
    call(people)
    ticket_served.served(first.key, by=clerk, at=AT + MINUTE)
    taken(AT + 2 * MINUTE, phone="13800000001")
    assert refused(ticket_served.reopen, first.key, by=clerk, at=AT + 3 * MINUTE) is CODE.TICKET_OPEN
    assert Visit.objects.filter(ticket=first).count() == 1


def test_passed_by_mistake_they_are_called_back_before_the_line(people):
    clerk = people.acting("张敏")
    first, _second = taken(), taken()
    call(people)
    ticket_called.pass_over(first.key, by=clerk, at=AT + MINUTE)
    assert [one.pk for one in queries.passed_at(people.windows[0].pk, AT)] == [first.pk]
    assert refused(ticket_called.call_back, first.key, by=people.acting("陈静"), at=AT) is CODE.TICKET_AT_OTHER_WINDOW
    back = ticket_called.call_back(first.key, by=clerk, at=AT + 2 * MINUTE)
    assert (back.state, back.window_id, back.calls) == ("CALLED", people.windows[0].pk, 1)
    assert kinds(back)[-3:] == ["passed", "returned", "called"]
    assert sound(back)
    ticket_called.pass_over(first.key, by=clerk, at=AT + 3 * MINUTE)
    call(people, at=AT + 3 * MINUTE)
    assert refused(ticket_called.call_back, first.key, by=clerk, at=AT + 4 * MINUTE) is CODE.WINDOW_BUSY


def test_who_leaves_in_the_middle_is_passed_over(people):
    first = taken()
    call(people)
    ticket_served.start(first.key, by=people.acting("张敏"), at=AT)
    assert ticket_called.pass_over(first.key, by=people.acting("张敏"), at=AT + MINUTE).state == "PASSED"
    assert not Node.objects.exists(), "nothing was done that could be rated"


def test_who_was_sent_to_a_window_that_closes_is_called_by_the_others(people):
    clerk, other = people.acting("张敏"), people.acting("陈静")
    ticket_window.open_window(people.windows[1].pk, by=other, at=AT)
    sent = taken()
    call(people, "陈静", 2)
    ticket_window.open_window(people.windows[0].pk, by=clerk, at=AT)
    ticket_called.transfer(sent.key, window_id=people.windows[0].pk, by=other, at=AT)
    assert call(people, "陈静", 2, AT + MINUTE) is None, "it waits for the first window alone"
    ticket_window.close_window(people.windows[0].pk, minutes=20, by=clerk, at=AT + MINUTE)
    assert call(people, "陈静", 2, AT + MINUTE) is None, "who is back soon keeps them"
    ticket_window.open_window(people.windows[0].pk, by=clerk, at=AT + 2 * MINUTE)
    ticket_window.close_window(people.windows[0].pk, by=clerk, at=AT + 3 * MINUTE)
    called = call(people, "陈静", 2, AT + 4 * MINUTE)
    assert called is not None
    assert called.key == sent.key
    assert sound(called)
