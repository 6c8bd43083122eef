"""What can be wrong with an event log or its map, said in both languages: a console has no language switch."""

from enum import StrEnum


class Problem(StrEnum):
    """A name that never changes, for the reject file; `WORDS` has the sentences."""

    # the file as a whole
    NOT_A_LOG = "not_a_log"
    NOT_UTF8 = "not_utf8"
    CUT_OFF = "cut_off"
    XML_BROKEN = "xml_broken"
    XML_HOSTILE = "xml_hostile"
    XML_TOO_LARGE = "xml_too_large"
    COLUMN_MISSING = "column_missing"
    CSV_BROKEN = "csv_broken"
    MAP_WRONG = "map_wrong"
    ORGAN_UNKNOWN = "organ_unknown"
    # one case
    KEY_MISSING = "key_missing"
    KEY_TWICE = "key_twice"
    ROW_SHORT = "row_short"
    ROWS_DISAGREE = "rows_disagree"
    TIME_UNREADABLE = "time_unreadable"
    TIME_MISSING = "time_missing"
    TIME_WITHOUT_ZONE = "time_without_zone"
    ACTIVITY_MISSING = "activity_missing"
    ACTIVITY_UNMAPPED = "activity_unmapped"
    PERSON_MISSING = "person_missing"
    CHANNEL_UNMAPPED = "channel_unmapped"
    SECTION_UNMAPPED = "section_unmapped"
    TEXT_UNFIT = "text_unfit"
    HISTORY_CHANGED = "history_changed"
    HANDLED_HERE = "handled_here"


WORDS: dict[Problem, tuple[str, str]] = {
    Problem.NOT_A_LOG: (
        "看不出是事件日志。请给出 .xes、.xes.gz、.csv 或 .csv.gz 文件。",
        "This is no event log. Give a .xes, .xes.gz, .csv or .csv.gz file.",
    ),
    Problem.NOT_UTF8: (
        "文件不是 {encoding} 编码。请另存为 UTF-8，或在映射文件 [file] 里写 encoding。",
        "The file is not {encoding}. Save it as UTF-8, or name its encoding under [file] in the map.",
    ),
    Problem.CUT_OFF: (
        "压缩文件不完整。请重新取得文件；已导入的办件不受影响，可再次运行。",
        "The compressed file is cut off. Fetch it again; what was imported stays, and the command can be run again.",
    ),
    Problem.XML_BROKEN: (
        "XML 有错：{detail}。请改正或重新导出。",
        "The XML is broken: {detail}. Mend it or export it again.",
    ),
    Problem.XML_HOSTILE: (
        "文件带有 DTD 或实体声明，可能用来攻击，不予读取。请用不带 DOCTYPE 的 XES。",
        "The file declares a DTD or entities, a means of attack, and is not read. Give XES without DOCTYPE.",
    ),
    Problem.XML_TOO_LARGE: (
        "一个办件里有超过 {most} 个元素，不予读取。请检查文件。",
        "One case holds more than {most} elements and is not read. Check the file.",
    ),
    Problem.COLUMN_MISSING: (
        "缺少列“{column}”。文件里的列是：{found}。请改正映射文件的 [csv] 一节。",
        'There is no column "{column}". The file has: {found}. Mend [csv] in the map.',
    ),
    Problem.CSV_BROKEN: ("CSV 有错：{detail}。请改正这一行。", "The CSV is broken: {detail}. Mend this line."),
    Problem.MAP_WRONG: ("映射文件有错：{detail}。", "The map is wrong: {detail}."),
    Problem.ORGAN_UNKNOWN: (
        "没有代码为“{code}”的部门。请先建立部门（示范城市：zhengtong run），或改正映射文件的 [organ]。",
        'There is no organ "{code}". Create it first (the demo city: zhengtong run), or mend [organ] in the map.',
    ),
    Problem.KEY_MISSING: ("没有办件编号。请补上。", "The case has no key. Add one."),
    Problem.KEY_TWICE: (
        "办件编号“{key}”在第 {first} 行已出现过。请改正编号；若各行只是没有排在一起，在映射文件写 together = false。",
        'The case key "{key}" stood at line {first} already. Correct it, or, if its rows lie apart, set together = false.',
    ),
    Problem.ROW_SHORT: (
        "这一行有 {found} 列，表头有 {needed} 列。请改正。",
        "The line has {found} columns, the heading {needed}. Correct it.",
    ),
    Problem.ROWS_DISAGREE: (
        "同一办件的“{column}”前后不一致：“{first}”与“{second}”。请改正。",
        'Rows of one case disagree on "{column}": "{first}" and "{second}". Correct them.',
    ),
    Problem.TIME_UNREADABLE: (
        "“{column}”的时间“{value}”读不懂。请写成 2011-10-11T13:42:22+02:00 的形式。",
        'The time "{value}" of "{column}" cannot be read. Write it as 2011-10-11T13:42:22+02:00.',
    ),
    Problem.TIME_MISSING: ("没有“{column}”的时间。请补上。", 'There is no time of "{column}". Add it.'),
    Problem.TIME_WITHOUT_ZONE: (
        "时间“{value}”没有时区。请在映射文件 [file] 里写 timezone。",
        'The time "{value}" has no time zone. Name one under [file] in the map.',
    ),
    Problem.ACTIVITY_MISSING: ("有一个活动没有名称。请补上。", "An act has no activity. Add it."),
    Problem.ACTIVITY_UNMAPPED: (
        "活动“{value}”不属于任何环节。请在映射文件 [stages] 里加上它。",
        'The activity "{value}" belongs to no stage. Add it under [stages] in the map.',
    ),
    Problem.PERSON_MISSING: ("活动“{value}”没有经办人。请补上。", 'The activity "{value}" has no person. Add one.'),
    Problem.CHANNEL_UNMAPPED: (
        "渠道“{value}”没有对应的代码。请在映射文件 [channels] 里加上它。",
        'The channel "{value}" has no code. Add it under [channels] in the map.',
    ),
    Problem.SECTION_UNMAPPED: (
        "科室“{value}”没有对应的科室。请在映射文件 [sections] 里加上它。",
        'The section "{value}" is not mapped. Add it under [sections] in the map.',
    ),
    Problem.TEXT_UNFIT: (
        "“{column}”含有控制字符或超过 {most} 个字。请改正。",
        '"{column}" holds control characters or more than {most} characters. Correct it.',
    ),
    Problem.HISTORY_CHANGED: (
        "已导入的经过与文件不同（{what}）。已记录的不能改写；若文件正确，请在办件里注明更正。",
        "What was imported differs from the file ({what}) and is not rewritten. If the file is right, note it in the case.",
    ),
    Problem.HANDLED_HERE: (
        "这个办件已在本系统继续办理，不再从文件接续。",
        "This case has been handled here since; the file no longer continues it.",
    ),
}


class Unreadable(Exception):
    """The whole file, or the map, cannot be used. `line` is where, 0 where there is no line."""

    def __init__(self, problem: Problem, line: int = 0, **facts: object) -> None:
        super().__init__(problem, line, facts)
        self.problem, self.line, self.facts = problem, line, facts

    def __str__(self) -> str:
        return "  ".join(said(self.problem, self.line, self.facts))


class Unfit(Exception):
    """One case cannot be taken; the others can."""

    def __init__(self, problem: Problem, line: int, **facts: object) -> None:
        super().__init__(problem, line, facts)
        self.problem, self.line, self.facts = problem, line, facts


def said(problem: Problem, line: int, facts: dict[str, object]) -> tuple[str, str]:
    """The sentence in Chinese and in English, with the line in front where there is one."""
    chinese, english = (words.format(**facts) for words in WORDS[problem])
    return (f"第 {line} 行：{chinese}", f"Line {line}: {english}") if line else (chinese, english)
