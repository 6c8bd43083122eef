"""What can be wrong with a file of letters, said in both languages: a console has no language switch."""

from enum import StrEnum


class Problem(StrEnum):
    """A name that never changes, for the reject file; `WORDS` has the sentences."""

    NOT_A_TABLE = "not_a_table"
    CUT_OFF = "cut_off"
    ENCODING = "encoding"
    COLUMN_MISSING = "column_missing"
    MAP_WRONG = "map_wrong"
    ORGAN_UNKNOWN = "organ_unknown"
    ROW_LONG = "row_long"
    ROW_TORN = "row_torn"
    NUMBER_MISSING = "number_missing"
    NUMBER_TWICE = "number_twice"
    TIME_MISSING = "time_missing"
    TIME_UNREADABLE = "time_unreadable"
    TIME_OUT_OF_RANGE = "time_out_of_range"
    TIME_TO_COME = "time_to_come"
    REPLY_BEFORE_RECEIPT = "reply_before_receipt"
    TEXT_MISSING = "text_missing"
    TEXT_TOO_LONG = "text_too_long"
    KIND_UNKNOWN = "kind_unknown"
    CHANGED = "changed"
    HANDLED_HERE = "handled_here"


WORDS: dict[Problem, tuple[str, str]] = {
    Problem.NOT_A_TABLE: (
        "看不出是来信表。请给出 .csv、.csv.gz、.tsv 或 .xlsx 文件。",
        "This is no table of letters. Give a .csv, .csv.gz, .tsv or .xlsx file.",
    ),
    Problem.CUT_OFF: (
        "压缩文件不完整。请重新取得文件；已导入的不受影响，可再次运行。",
        "The compressed file is cut off. Fetch it again; what was imported stays.",
    ),
    Problem.ENCODING: (
        "文件既不是 UTF-8、UTF-16，也不是 GB18030 编码。请另存为 UTF-8。",
        "The file is neither UTF-8, UTF-16 nor GB18030. Save it as UTF-8.",
    ),
    Problem.COLUMN_MISSING: (
        "没有“{column}”这一列。文件里的列是：{found}。请用 --map 说明列名。",
        'There is no column for "{column}". The file has: {found}. Name the columns with --map.',
    ),
    Problem.MAP_WRONG: ("映射文件有错：{detail}。", "The map is wrong: {detail}."),
    Problem.ORGAN_UNKNOWN: (
        "没有代码为“{code}”的部门。请先建立部门，或改正映射文件。",
        'There is no organ "{code}". Create it first, or mend the map.',
    ),
    Problem.ROW_LONG: (
        "这一行有 {found} 格，表头只有 {needed} 格。请检查引号和逗号。",
        "This row has {found} cells, the heading {needed}. Check quotes and commas.",
    ),
    Problem.ROW_TORN: (
        "这一行有引号没有收尾，后面至少 {lost} 行被当成了它的内容，都没有导入。请补上引号再导入。",
        "A quote on this row is not closed: at least {lost} more rows were taken for its content; none was imported. Close it, then import again.",
    ),
    Problem.NUMBER_MISSING: ("没有编号。请补上。", "The letter has no number. Add one."),
    Problem.NUMBER_TWICE: (
        "编号“{number}”在第 {first} 行已出现过，内容不同。请改正编号。",
        'The number "{number}" stands on line {first} already, with other contents. Correct it.',
    ),
    Problem.TIME_MISSING: ("没有来信时间。请补上。", "The time of receipt is missing. Add it."),
    Problem.TIME_UNREADABLE: (
        "时间“{value}”读不懂。请写成 2019/4/24 16:03:40 或 2019-04-24T16:03:40。",
        'The time "{value}" cannot be read. Write it as 2019/4/24 16:03:40 or 2019-04-24T16:03:40.',
    ),
    Problem.TIME_OUT_OF_RANGE: (
        "“{value}”不在工作日历的范围（2000 至 2060 年）内。请核对年份。",
        '"{value}" is outside the working calendar (2000 to 2060). Check the year.',
    ),
    Problem.TIME_TO_COME: ("“{value}”还没有到。请核对时间。", '"{value}" has not come yet. Check the time.'),
    Problem.REPLY_BEFORE_RECEIPT: (
        "答复日期（{replied}）早于来信日期（{received}）。请核对两个时间。",
        "The reply ({replied}) is dated before the letter ({received}). Check both.",
    ),
    Problem.TEXT_MISSING: ("主题和内容都是空的。请补上。", "Subject and text are both empty. Add them."),
    Problem.TEXT_TOO_LONG: (
        "“{column}”超过 {most} 个字。请拆开或作为附件。",
        '"{column}" has more than {most} characters. Split it, or make it an attachment.',
    ),
    Problem.KIND_UNKNOWN: (
        "不认识的来信类别“{value}”。请在映射文件 [kinds] 里说明。",
        'The kind "{value}" is not known. Say under [kinds] in the map what it is.',
    ),
    Problem.CHANGED: (
        "已导入的内容与文件不同，已记录的不能改写。请核对文件。",
        "What was imported differs from the file and is not rewritten. Check the file.",
    ),
    Problem.HANDLED_HERE: (
        "这封来信已在本系统继续办理，不再从文件接续。",
        "This letter has been handled here since; the file no longer continues it.",
    ),
}

NOTES: dict[str, str] = {
    "reply_empty": "有答复时间而答复内容为空  answered, but the reply is empty",
    "reply_undated": "有答复内容而没有答复时间，按未答复计  a reply without a time, counted as unanswered",
    "replied_earlier_same_day": "同日答复的时刻早于来信  answered the same day at an earlier hour",
    "no_clock": "时间只写到日  a time without the hour",
    "repeated": "同一封来信重复出现，只取一次  the same letter again, taken once",
    "cleaned": "含网页代码或看不见的字符：原文保留，另存整理稿  entities or invisible characters: original kept, a clean text beside it",
    "unanswered": "未答复  unanswered",
    "long": "内容超过五千字  longer than 5,000 characters",
    "subject_from_text": "没有主题，取内容开头  no subject: the beginning of the text is taken",
    "subject_shortened": "主题过长，全文并入内容  the subject was too long; all of it stands in the text",
}


class Unreadable(Exception):
    """The whole file, or the map, cannot be used."""

    def __init__(self, problem: Problem, **facts: object) -> None:
        super().__init__(problem, facts)
        self.problem, self.facts = problem, facts

    def __str__(self) -> str:
        return "  ".join(said(self.problem, 0, self.facts))


class Unfit(Exception):
    """One letter cannot be taken; the others can."""

    def __init__(self, problem: Problem, **facts: object) -> None:
        super().__init__(problem, facts)
        self.problem, self.facts = problem, facts


def said(problem: Problem, line: int, facts: dict[str, object]) -> tuple[str, str]:
    """The sentence in Chinese and in English, with the line in front where there is one."""
    chinese, english = (words.format(**facts) for words in WORDS[problem])
    return (f"第 {line} 行：{chinese}", f"Line {line}: {english}") if line else (chinese, english)
