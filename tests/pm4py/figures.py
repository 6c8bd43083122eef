"""What pm4py finds in a log, as JSON on the last line. Run by its own Python (`make pm4py`); imports nothing of ours."""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

import pm4py  # noqa: E402  (its banner and warnings must not come before)


def figures(frame):
    """Of a log with one case notion: cases with acts, acts, activities, ways, begins, ends, variants, hand-overs."""
    # A flattened log comes by time across cases; its ways are counted right, its variants only case by case.
    frame = frame.sort_values(["case:concept:name", "time:timestamp"], kind="stable", ignore_index=True)
    dfg, starts, ends = pm4py.discover_dfg(frame)
    variants = pm4py.get_variants(frame)
    found = {
        "cases": int(frame["case:concept:name"].nunique()),
        "acts": len(frame),
        "activities": frame["concept:name"].value_counts().to_dict(),
        "ways": sorted([one, after, int(count)] for (one, after), count in dfg.items()),
        "starts": {name: int(count) for name, count in starts.items()},
        "ends": {name: int(count) for name, count in ends.items()},
        "variants": sorted(
            [list(path), count if isinstance(count, int) else len(count)] for path, count in variants.items()
        ),
    }
    performance, _, _ = pm4py.discover_performance_dfg(frame)
    found["seconds"] = sorted(
        [one, after, times["sum"], times["median"]] for (one, after), times in performance.items()
    )
    if "org:resource" in frame.columns:
        # Acts of the applicant and of the clock have no person; pm4py cannot sort them, and we pass them over too.
        network = pm4py.discover_handover_of_work_network(frame.dropna(subset=["org:resource"]))
        found["hands"] = sorted([one, after, weight] for (one, after), weight in network.connections.items())
    return found


def read(path):
    if path.endswith(".xes"):
        return figures(pm4py.read_xes(path))
    ocel = pm4py.read_ocel2_json(path) if path.endswith(".json") else pm4py.read_ocel2_sqlite(path)
    found = figures(pm4py.ocel_flattening(ocel, "case"))
    kinds = ocel.objects[ocel.object_type_column].value_counts().to_dict()
    return found | {"objects": {kind: int(count) for kind, count in kinds.items()}, "events": len(ocel.events)}


print()
print(json.dumps({path: read(path) for path in sys.argv[1:]}, ensure_ascii=False))
