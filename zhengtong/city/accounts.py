"""Who to sign in as in the demo city: one account for each role. All of them are invented."""

PASSWORD = "zhengtong-demo"  # noqa: S105  (printed at every start: the city is a toy and says so on every page)

# Officers sign in with their staff number, citizens with their phone; 154 is given to nobody.
CITIZEN = "15400991397"
LEGAL_REPRESENTATIVE = "15400991385"
AGENT = "15400991445"
WINDOW = "YZ0318"
HANDLER = "YZ0320"
REVIEWER = "YZ0330"
APPROVER = "YZ0335"
SECTION_HEAD = "YZ0331"
CATALOGUE_EDITOR = "YZ0337"
LEGAL_CHECKER = "YZ0383"
CENTRE_MANAGER = "YZ0379"
SUPERVISOR = "YZ0377"
ADMINISTRATOR = "YZ0381"
LETTER_CLERK = "YZ0385"
INTEGRITY_CLERK = "YZ0387"
HALL_CLERK = "YZ0389"
VILLAGE_CLERK = "YZ0393"

DEMO_ACCOUNTS: list[tuple[str, str, str, str]] = [
    (CITIZEN, PASSWORD, "群众", "citizen"),
    (LEGAL_REPRESENTATIVE, PASSWORD, "企业法定代表人", "legal representative"),
    (AGENT, PASSWORD, "代办人", "agent"),
    (WINDOW, PASSWORD, "窗口", "window clerk"),
    (HANDLER, PASSWORD, "承办人", "handler"),
    (REVIEWER, PASSWORD, "审核人", "reviewer"),
    (APPROVER, PASSWORD, "批准人（首席代表）", "approver"),
    (SECTION_HEAD, PASSWORD, "科室负责人", "section head"),
    (CATALOGUE_EDITOR, PASSWORD, "事项管理员", "catalogue editor"),
    (LEGAL_CHECKER, PASSWORD, "合法性审核", "legal checker"),
    (CENTRE_MANAGER, PASSWORD, "中心管理", "centre manager"),
    (SUPERVISOR, PASSWORD, "监察", "supervisor"),
    (ADMINISTRATOR, PASSWORD, "系统管理", "administrator"),
    (HALL_CLERK, PASSWORD, "大厅导办", "hall clerk"),
    (LETTER_CLERK, PASSWORD, "来信专员", "letter clerk"),
    (INTEGRITY_CLERK, PASSWORD, "廉政举报受理", "integrity clerk"),
    (VILLAGE_CLERK, PASSWORD, "村级代办", "village clerk"),
]
