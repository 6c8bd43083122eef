"""Event logs of the form of the receipt log that nobody has seen before, with every oddity real systems have.

Ends and deadlines missing, starts missing, acts at one instant, out of order, before the start and after the end, one
act or none, people missing, activities repeated, several time zones, acts only begun (lifecycle "start"), a key twice.
"""

from datetime import datetime, timedelta, timezone
from xml.sax.saxutils import quoteattr

from hypothesis import strategies as st

from tests.plain_log import STAGES

ACTIVITIES = {
    "收件登记": "ACCEPT", "A2 check & stamp": "ACCEPT", "P1 survey": "PROCESS", "P2 <draft>": "PROCESS",
    "R1 legal look": "REVIEW", 'V "sign"': "APPROVE", "F post": "FINISH",
}  # fmt: skip
PEOPLE = ["Li", "Wu", "赵", "admin 1"]
ZONES = [timezone(timedelta(minutes=m)) for m in (0, 60, 480, -330)]
BEGIN = datetime(2011, 3, 25, 22, 30, tzinfo=ZONES[0])
# Coarse, so that many things fall on one instant.
STEP = timedelta(minutes=97, milliseconds=500)


def stage(activity):
    return ACTIVITIES[activity]


def moments(low, high):
    return st.builds(
        lambda steps, zone: (BEGIN + steps * STEP).astimezone(zone), st.integers(low, high), st.sampled_from(ZONES)
    )


def acts():
    return st.fixed_dictionaries(
        {
            "concept:name": st.sampled_from(sorted(ACTIVITIES)),
            "org:resource": st.sampled_from([*PEOPLE * 4, ""]),
            "time:timestamp": moments(-40, 400),
            "lifecycle:transition": st.sampled_from(["complete"] * 6 + ["start"]),
        }
    )


def traces():
    return st.fixed_dictionaries(
        {
            "concept:name": st.integers(0, 40).map(lambda number: f"K-{number}"),
            "startdate": st.one_of(moments(0, 60), moments(0, 60), st.none()),
            "enddate": st.one_of(st.none(), moments(-10, 500)),
            "deadline": st.one_of(st.none(), moments(-10, 500)),
            "events": st.one_of(st.lists(acts(), max_size=9), st.lists(acts(), max_size=2)),
        }
    )


def logs(most=14):
    return st.lists(traces(), min_size=1, max_size=most)


def xes_text(log):
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<log xmlns="http://www.xes-standard.org/">']
    for trace in log:
        lines.append("<trace>" + _tags({name: value for name, value in trace.items() if name != "events"}))
        lines += [f"<event>{_tags(event)}</event>" for event in trace["events"]]
        lines.append("</trace>")
    return "\n".join([*lines, "</log>"])


def _tags(values):
    said = []
    for name, value in values.items():
        if isinstance(value, datetime):
            said.append(f'<date key="{name}" value="{value.isoformat(timespec="milliseconds")}"/>')
        elif value:
            said.append(f'<string key="{name}" value={quoteattr(value)}/>')
    return "".join(said)


def map_text(item_code):
    stages = {name: [a for a, s in ACTIVITIES.items() if s == name] for name in STAGES}
    patterns = "\n".join(
        f"{name} = [{', '.join(repr(activity) for activity in activities)}]" for name, activities in stages.items()
    )
    return f"""
[log]
name = "{item_code}"
transitions = ["complete"]
[organ]
code = "11990100MB0096938P"
[item]
item_code = "{item_code}"
name = "没见过的日志"
case_kind = "PROMISED"
[people]
prefix = "{item_code}-"
[xes]
key = "concept:name"
start = "startdate"
deadline = "deadline"
end = "enddate"
activity = "concept:name"
person = "org:resource"
at = "time:timestamp"
transition = "lifecycle:transition"
[stages]
{patterns}
"""
