"""XES (IEEE 1849-2016) as a stream: one trace in memory at a time. Extensions concept, time, organizational, lifecycle."""

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from zhengtong.exchange.log_export import Names, Told, activity_name, stamp

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<global scope="trace">
<string key="concept:name" value=""/>
</global>
<global scope="event">
<string key="concept:name" value=""/>
<date key="time:timestamp" value="1970-01-01T00:00:00.000000Z"/>
<string key="lifecycle:transition" value="complete"/>
</global>
<classifier name="Activity" keys="concept:name"/>
<classifier name="Resource" keys="org:resource"/>
<string key="lifecycle:model" value="standard"/>
"""


def pieces(log: Iterator[Told], names: Names) -> Iterator[str]:
    """An act that nobody of the house did (the applicant's, the clock's) has no org:resource."""
    yield _HEAD
    for told in log:
        trace, row = told.source
        yield "<trace>" + _string("concept:name", trace.number) + _date("start", stamp(trace.started_at))
        if trace.due_at is not None:
            yield _date("deadline", stamp(trace.due_at))
        if trace.ended_at is not None:
            yield _date("end", stamp(trace.ended_at))
        yield _string("item", names.item(row["item_id"]).id) + _string("organ", names.organ(row["organ_id"]).id)
        yield _string("channel", row["channel"]) + _string("case_kind", row["case_kind"]) + "\n"
        for act in trace.acts:
            yield "<event>" + _string("concept:name", activity_name(act)) + _date("time:timestamp", stamp(act.at))
            if act.person is not None:
                yield _string("org:resource", names.officer(act.person))
            yield _string("org:group", names.organ(row["organ_id"]).id)
            yield _string("lifecycle:transition", "complete") + _string("stage", act.stage)
            yield (_string("label", act.label) if act.label else "") + "</event>\n"
        yield "</trace>\n"
    yield "</log>\n"


def _string(key: str, value: str) -> str:
    return f'<string key="{key}" value={quoteattr(value)}/>'


def _date(key: str, value: str) -> str:
    return f'<date key="{key}" value="{value}"/>'
