"""Which cases a figure of the insight pages counted. The grammar of a figure is `word` or `word:key` or `word:key-key`.

all finished open within late over backward bare stopped tail · activity:a start:a end:a edge:a-b variant:v · stage:S back back:S-S ·
again repeat:a · hand hand:p-q loop person:p. `a`, `v` are keys of activity and variant, `p` an officer, `S` a stage.
"""

from collections.abc import Callable
from itertools import pairwise

from zhengtong.rules.procedure import STAGES
from zhengtong.rules.process_map import View, nodes_of, runs
from zhengtong.rules.process_map_log import NEVER, CaseView, TraceLog
from zhengtong.rules.process_map_people import is_ping_pong, people_in_turn
from zhengtong.rules.process_map_times import backward, is_late, is_over, is_within
from zhengtong.rules.process_map_variants import path_key, path_of, stage_returns

Test = Callable[[CaseView], bool]


def matching(log: TraceLog, figure: str, *, view: View, at: int) -> list[int] | None:
    """Indexes of the cases, in the log's order; None for a figure that is none."""
    test = _test(log, figure, view, at)
    return None if test is None else [case.place for case in log if test(case)]


def _test(log: TraceLog, figure: str, view: View, at: int) -> Test | None:
    word, _, key = figure.partition(":")
    if not key:
        return _plain(log, at).get(word)
    if word in ("hand", "person"):
        return _of_people(word, key)
    if word in ("stage", "back"):
        return _of_stages(log, word, key)
    return _of_path(log, word, key, view)


def _plain(log: TraceLog, at: int) -> dict[str, Test]:
    stage_of, stopped = log.stage_codes(), log.stopped_codes()
    return {
        "all": lambda case: case.place >= 0,
        "finished": lambda case: case.ended != NEVER,
        "open": lambda case: case.ended == NEVER,
        "within": is_within,
        "late": is_late,
        "over": lambda case: is_over(case, at),
        "backward": backward,
        "bare": lambda case: not case.codes,
        "back": lambda case: bool(stage_returns(case, stage_of)),
        "again": lambda case: len(set(case.codes)) < len(case.codes),
        "hand": lambda case: len(set(people_in_turn(case))) > 1,
        "loop": lambda case: _loops(people_in_turn(case)),
        "stopped": lambda case: not stopped.isdisjoint(case.codes),
        "tail": lambda case: bool(case.codes) and case.ended > case.times[-1],
    }


def _loops(people: list[int]) -> bool:
    return any(is_ping_pong(people, place) for place in range(2, len(people)))


def _of_people(word: str, key: str) -> Test | None:
    ids = [int(part) for part in key.split("-") if part.isascii() and part.isdigit() and len(part) <= 18]
    if word == "person" and len(ids) == 1:
        return lambda case: ids[0] in case.people
    if word == "hand" and len(ids) == 2:
        return lambda case: (ids[0], ids[1]) in _pairs(people_in_turn(case))
    return None


def _pairs(values: list[int]) -> set[tuple[int, int]]:
    return set(pairwise(values))


def _of_stages(log: TraceLog, word: str, key: str) -> Test | None:
    places = {stage.value: place for place, stage in enumerate(STAGES)}
    parts = key.split("-")
    stage_of = log.stage_codes()
    if any(part not in places for part in parts):
        return None
    if word == "stage" and len(parts) == 1:
        return lambda case: any(stage_of[code] == places[key] for code in case.codes)
    if word == "back" and len(parts) == 2:
        way = (places[parts[0]], places[parts[1]])
        return lambda case: way in stage_returns(case, stage_of)
    return None


def _of_path(log: TraceLog, word: str, key: str, view: View) -> Test | None:
    names, stage_of = nodes_of(log, view), log.stage_codes()
    codes = {activity.key: code for code, activity in enumerate(names)}
    if word == "variant":
        return lambda case: path_key(tuple(names[code] for code in path_of(case, view, stage_of))) == key
    if word == "repeat":
        code = {activity.key: number for number, activity in enumerate(log.activities)}.get(key)
        return None if code is None else lambda case: case.codes.count(code) > 1
    parts = key.split("-")
    if any(part not in codes for part in parts):
        return None
    wanted = [codes[part] for part in parts]
    if word == "edge" and len(wanted) == 2:
        return lambda case: (wanted[0], wanted[1]) in _pairs([run.node for run in runs(case, view, stage_of)])
    if len(wanted) != 1:
        return None
    ends: dict[str, Test] = {
        "activity": lambda case: wanted[0] in path_of(case, view, stage_of),
        "start": lambda case: path_of(case, view, stage_of)[:1] == (wanted[0],),
        "end": lambda case: path_of(case, view, stage_of)[-1:] == (wanted[0],),
    }
    return ends.get(word)
