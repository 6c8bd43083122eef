"""补录 through the importer: what a department did in its own network is brought in when it was long done."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from zhengtong.city.falsified_plants import Plant
from zhengtong.city.founding import FOUNDER
from zhengtong.city.records import city, item_documents
from zhengtong.domains.cases.imports import ImportedAct, ImportedCase
from zhengtong.flows.import_log import LogSource, import_batch, open_log
from zhengtong.rules.procedure import Stage

ROWS = 14
ACTS = (("receive", Stage.ACCEPT), ("handle", Stage.PROCESS), ("approve", Stage.APPROVE))


def bring(organ: str, name: str, seed: str, at: datetime) -> list[Plant]:
    """Fourteen finished cases in one go, two of them with a result that is older than their acceptance."""
    chance = Random(f"{seed}:{name}")  # noqa: S311  (a story, no secret)
    source = LogSource(
        name=name, citation=name, organ_code=organ, item=_item(organ, name), sections={}, staff_prefix=f"{name}-",
        applicant="（补录未载申请人）",
    )  # fmt: skip
    cases = [_case(f"{name}-{n}", chance, at, turned=n < 2) for n in range(ROWS)]
    results = import_batch(open_log(source, by=FOUNDER, at=at), source, cases, by=FOUNDER, at=at)
    numbers = [one.number for one in results]
    return [
        Plant("D-01", "batch by import", cases=numbers),
        *(Plant("D-02", "result before acceptance", cases=[number]) for number in numbers[:2]),
    ]


def _item(organ: str, name: str) -> Mapping[str, object]:
    """Listed, so that the log has something to point at; nobody applies for it."""
    template = next(document for document in item_documents() if document["case_kind"] == "PROMISED")
    return {**template, "item_code": name.upper(), "implementing_org": organ, "name": f"{template['name']}（补录）"}


def _case(key: str, chance: Random, at: datetime, *, turned: bool) -> ImportedCase:
    ended = at - timedelta(days=chance.randrange(10, 40), minutes=chance.randrange(500))
    begun = ended + timedelta(days=3) if turned else ended - timedelta(days=chance.randrange(2, 9))
    people = [officer["name"] for officer in city().officers[:3]]
    acts = tuple(
        ImportedAct(activity, stage, person, begun + timedelta(hours=n), label=activity)
        for n, ((activity, stage), person) in enumerate(zip(ACTS, people, strict=True))
    )
    return ImportedCase(key=key, acts=acts, started_at=min(begun, ended), ended_at=ended)
