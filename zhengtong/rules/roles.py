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


ABILITIES: dict[Role, frozenset[Ability]] = {
    Role.WINDOW: frozenset({Ability.TAKE_IN, Ability.SEARCH_FILES, Ability.REVEAL}),
    Role.HANDLER: frozenset({Ability.HANDLE, Ability.SEARCH_FILES, Ability.REVEAL}),
    Role.REVIEWER: frozenset({Ability.REVIEW, Ability.SEARCH_FILES, Ability.REVEAL}),
    Role.APPROVER: frozenset({Ability.APPROVE, Ability.SEARCH_FILES, Ability.REVEAL, Ability.READ_REPORTS}),
    Role.SECTION_HEAD: frozenset({Ability.DISPATCH, Ability.SEARCH_FILES, Ability.READ_REPORTS}),
    Role.CATALOGUE_EDITOR: frozenset({Ability.EDIT_CATALOGUE}),
    Role.LEGAL_CHECKER: frozenset({Ability.CHECK_CATALOGUE}),
    Role.CENTRE_MANAGER: frozenset(
        {
            Ability.KEEP_CALENDAR,
            Ability.SEARCH_FILES,
            Ability.SEE_ALL,
            Ability.READ_REPORTS,
            Ability.DISPATCH,
            Ability.PUBLISH_REPORTS,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {Ability.SEARCH_FILES, Ability.SEE_ALL, Ability.READ_REPORTS, Ability.SUPERVISE, Ability.KEEP_RULES}
    ),
    Role.ADMINISTRATOR: frozenset({Ability.KEEP_PEOPLE, Ability.KEEP_SYSTEM}),
}
