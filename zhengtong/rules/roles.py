"""Knows which posts exist and what each may do; refuses to know who holds one."""

from enum import StrEnum


class Role(StrEnum):
    """A post's function. One officer may hold several; separation of duties is checked per case, not here."""

    WINDOW = "window"  # 窗口
    HANDLER = "handler"  # 承办
    REVIEWER = "reviewer"  # 审核
    APPROVER = "approver"  # 批准 (首席代表)
    SECTION_HEAD = "section_head"  # 科室负责人: dispatches inside the section
    CATALOGUE_EDITOR = "catalogue_editor"  # 事项维护
    LEGAL_CHECKER = "legal_checker"  # 合法性审核
    CENTRE_MANAGER = "centre_manager"  # 中心管理: hall, windows, calendar
    SUPERVISOR = "supervisor"  # 监察: sees every case, changes none; cards, orders and rules are its own
    ADMINISTRATOR = "administrator"  # 系统管理: people and posts, parameters, outbox
    HALL_CLERK = "hall_clerk"  # 导办: tickets and bookings for others, ratings by phone and paper, re-visits
    LETTER_CLERK = "letter_clerk"  # 来信专员: registers, routes, moderates and publishes letters
    INTEGRITY_CLERK = "integrity_clerk"  # 廉政举报受理: the only one who reads tips about persons
    VILLAGE_CLERK = "village_clerk"  # 村级代办: files and follows for villagers, with mandate


class Ability(StrEnum):
    """What a door asks before it opens. One ability, one kind of screen or act."""

    TAKE_IN = "take_in"  # counter intake, acceptance and its refusal, finishing, delivery
    HANDLE = "handle"
    REVIEW = "review"
    APPROVE = "approve"
    DISPATCH = "dispatch"
    EDIT_CATALOGUE = "edit_catalogue"
    CHECK_CATALOGUE = "check_catalogue"
    KEEP_CALENDAR = "keep_calendar"
    KEEP_PEOPLE = "keep_people"
    KEEP_SYSTEM = "keep_system"
    SEARCH_FILES = "search_files"
    REVEAL = "reveal"
    SEE_ALL = "see_all"
    READ_REPORTS = "read_reports"
    SUPERVISE = "supervise"  # issue, revoke and order; confirm or dismiss leads; draft scores and circulars
    KEEP_RULES = "keep_rules"  # supervision rules and score tables
    PUBLISH_REPORTS = "publish_reports"  # approves what supervision drafted: scores and circulars
    CALL_TICKETS = "call_tickets"  # at a window: call, recall, pass, transfer, serve
    BOOK = "book"  # tickets and appointments for somebody at the desk or on the phone
    KEEP_HALL = "keep_hall"  # windows' hours, slots, devices, extended service; ratings' dispatch and verification
    ENTER_RATINGS = "enter_ratings"  # ratings told by phone or on paper
    REVISIT = "revisit"  # calls back who was unhappy
    RECTIFY = "rectify"  # answers for a bad rating: fixes or explains
    REGISTER_LETTERS = "register_letters"  # letters by phone, counter and paper
    KEEP_LETTERS = "keep_letters"  # routes, moderates, publishes letters
    ANSWER_LETTERS = "answer_letters"
    APPROVE_REPLIES = "approve_replies"
    READ_TIPS = "read_tips"  # tips about persons: nobody else opens them
    KEEP_KNOWLEDGE = "keep_knowledge"
    FILE_FOR_OTHERS = "file_for_others"  # agency service in the village, with mandate
    KEEP_MESSAGES = "keep_messages"  # message templates, providers, guest list


ABILITIES: dict[Role, frozenset[Ability]] = {
    Role.WINDOW: frozenset(
        {
            Ability.TAKE_IN,
            Ability.SEARCH_FILES,
            Ability.REVEAL,
            Ability.CALL_TICKETS,
            Ability.BOOK,
            Ability.REGISTER_LETTERS,
            Ability.RECTIFY,
        }
    ),
    Role.HANDLER: frozenset(
        {Ability.HANDLE, Ability.SEARCH_FILES, Ability.REVEAL, Ability.RECTIFY, Ability.ANSWER_LETTERS}
    ),
    Role.REVIEWER: frozenset({Ability.REVIEW, Ability.SEARCH_FILES, Ability.REVEAL}),
    Role.APPROVER: frozenset(
        {
            Ability.APPROVE,
            Ability.SEARCH_FILES,
            Ability.REVEAL,
            Ability.READ_REPORTS,
            Ability.APPROVE_REPLIES,
        }
    ),
    Role.SECTION_HEAD: frozenset(
        {
            Ability.DISPATCH,
            Ability.SEARCH_FILES,
            Ability.READ_REPORTS,
            Ability.RECTIFY,
            Ability.ANSWER_LETTERS,
            Ability.APPROVE_REPLIES,
        }
    ),
    Role.CATALOGUE_EDITOR: frozenset({Ability.EDIT_CATALOGUE, Ability.KEEP_KNOWLEDGE}),
    Role.LEGAL_CHECKER: frozenset({Ability.CHECK_CATALOGUE}),
    Role.CENTRE_MANAGER: frozenset(
        {
            Ability.KEEP_CALENDAR,
            Ability.SEARCH_FILES,
            Ability.SEE_ALL,
            Ability.READ_REPORTS,
            Ability.DISPATCH,
            Ability.PUBLISH_REPORTS,
            Ability.KEEP_HALL,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {Ability.SEARCH_FILES, Ability.SEE_ALL, Ability.READ_REPORTS, Ability.SUPERVISE, Ability.KEEP_RULES}
    ),
    Role.ADMINISTRATOR: frozenset({Ability.KEEP_PEOPLE, Ability.KEEP_SYSTEM, Ability.KEEP_MESSAGES}),
    Role.HALL_CLERK: frozenset({Ability.BOOK, Ability.ENTER_RATINGS, Ability.REVISIT, Ability.REGISTER_LETTERS}),
    Role.LETTER_CLERK: frozenset(
        {Ability.REGISTER_LETTERS, Ability.KEEP_LETTERS, Ability.KEEP_KNOWLEDGE, Ability.REVISIT}
    ),
    Role.INTEGRITY_CLERK: frozenset({Ability.READ_TIPS}),
    Role.VILLAGE_CLERK: frozenset({Ability.FILE_FOR_OTHERS, Ability.BOOK}),
}
