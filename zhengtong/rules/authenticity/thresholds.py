"""The numbers of the detectors, as §5.4 gives them or [our choice]; a rule in force replaces them one by one."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Thresholds:
    # D-01: ≥ 10 cases of one item by one account within 10 minutes (§5.4)
    batch_cases: int = 10
    batch_minutes: int = 10
    # D-02: accept to finish in one session for a promise of five working days or more (§5.4); a session [our choice]
    session_promise: int = 5
    session_minutes: int = 30
    # D-03: outside working hours (§5.4); the hall is open 9 to 17, an hour of tidying up on both sides [our choice]
    opens_minute: int = 8 * 60
    closes_minute: int = 18 * 60
    # D-04: consecutive stages < 60 s apart, five stages < 5 min (§5.4)
    stage_seconds: int = 60
    case_minutes: int = 5
    # D-05: later record with an earlier time (§5.4); clocks of two servers may differ by [our choice]
    skew_seconds: int = 60
    # … and against the order in which the journal was sealed: a transaction may be committed this much later
    order_minutes: int = 30
    # D-06: same applicant, item and materials within 7 days (§5.4)
    duplicate_days: int = 7
    # D-07: one phone on > 5 applicants in 30 days (§5.4)
    phone_applicants: int = 5
    phone_days: int = 30
    # D-08: > 30 % of finishes in the last 10 % of P after a suspension (§5.4); fewer finishes say nothing [our choice]
    gaming_percent: int = 30
    gaming_last_percent: int = 10
    gaming_finishes: int = 20
    # D-09: several same-day cases of one item from one application (§5.4); several and alike [our choice]
    split_cases: int = 3
    split_alike_percent: int = 90
    # D-10: > 3 cases per visitor, > 3 × the peers' cases per staff-day (§5.4); below 15 a day nobody wonders, nor
    # below 30 cases a month taken in where 3 visitors came [our choice]
    visitor_cases: int = 3
    visitor_least: int = 30
    peer_times: int = 3
    staff_day_cases: int = 15
    volume_days: int = 5
    volume_peers: int = 3
    # D-11: last digit, n ≥ 300 (§5.4); χ² with 9 degrees of freedom at p = 0.0001 [our choice]
    digit_records: int = 300
    digit_chi: float = 33.72
    # D-12: three months without one flaw and n ≥ 100 (§5.4)
    perfect_months: int = 3
    perfect_cases: int = 100
    # D-13: > 2 % deleted (§5.4), more than chance explains, and voided with one working day left [our choice]
    deleted_percent: int = 2
    deleted_chance_percent: int = 1
    void_days_left: int = 1
    # D-14: what is asked per case rises by a fifth in three months and results do not [our choice]
    burden_months: int = 3
    burden_rise_percent: int = 20
    burden_cases: int = 10
    # E-1: < 5 s after the question, in long runs (§6.6); eight in a row [our choice]: one in four honest people is as quick
    rating_seconds: int = 5
    rating_run: int = 8
    # E-2: > 10 from one device, address or phone an hour (§6.6)
    rating_per_hour: int = 10
    # E-4: typed in by one clerk in the last hours before silence, so many in so few minutes and none bad [our choice];
    # who calls people takes four minutes for each and hears from some who are not content
    rating_flips: int = 5
    rating_flip_minutes: int = 15
    rating_flip_hours: int = 24
    # E-5: all the best and n ≥ 50 (§6.6), and two people who said otherwise when asked [our choice]
    rating_perfect_least: int = 50
    rating_perfect_differing: int = 2
    # E-6: from staff of another organ, beyond so many a month [our choice]
    rating_staff_others: int = 3
    # E-7: > 99.8 % active (§6.6 [S35]); fewer services say nothing [our choice]
    rating_active_percent: float = 99.8
    rating_active_least: int = 100


# What the shipped rules call these numbers, and how many of ours go into one of theirs.
NAMES: dict[str, dict[str, tuple[str, int]]] = {
    "D-01": {"cases": ("batch_cases", 1), "minutes": ("batch_minutes", 1)},
    "D-02": {"session_minutes": ("session_minutes", 1), "promise_days": ("session_promise", 1)},
    "D-03": {"from_hour": ("opens_minute", 60), "until_hour": ("closes_minute", 60)},
    "D-04": {"seconds": ("stage_seconds", 1), "total_minutes": ("case_minutes", 1)},
    "D-05": {"minutes": ("skew_seconds", 60), "order_minutes": ("order_minutes", 1)},
    "D-06": {"days": ("duplicate_days", 1)},
    "D-07": {"applicants": ("phone_applicants", 1), "days": ("phone_days", 1)},
    "D-08": {
        "percent": ("gaming_percent", 1),
        "last_percent": ("gaming_last_percent", 1),
        "least_cases": ("gaming_finishes", 1),
    },
    "D-09": {"cases": ("split_cases", 1), "alike_percent": ("split_alike_percent", 1)},
    "D-10": {
        "per_visitor": ("visitor_cases", 1),
        "visitor_least": ("visitor_least", 1),
        "peer_times": ("peer_times", 1),
        "least_days": ("volume_days", 1),
        "per_day": ("staff_day_cases", 1),
    },
    "D-11": {"least": ("digit_records", 1), "chi_square": ("digit_chi", 1)},
    "D-12": {"months": ("perfect_months", 1), "least_cases": ("perfect_cases", 1)},
    "D-13": {"percent": ("deleted_percent", 1), "days_before_due": ("void_days_left", 1)},
    "D-14": {"months": ("burden_months", 1), "rise_percent": ("burden_rise_percent", 1)},
    "E-1": {"seconds": ("rating_seconds", 1), "run": ("rating_run", 1)},
    "E-2": {"per_hour": ("rating_per_hour", 1)},
    "E-3": {},
    "E-4": {"flips": ("rating_flips", 1), "minutes": ("rating_flip_minutes", 1), "hours": ("rating_flip_hours", 1)},
    "E-5": {"least": ("rating_perfect_least", 1), "differing": ("rating_perfect_differing", 1)},
    "E-6": {"others": ("rating_staff_others", 1)},
    "E-7": {"percent": ("rating_active_percent", 1), "least": ("rating_active_least", 1)},
}


def with_values(rule: str, values: Mapping[str, float]) -> Thresholds:
    """The defaults with what the rule in force sets."""
    kinds = {f.name: type(f.default) for f in fields(Thresholds)}
    changes: dict[str, Any] = {}
    for name, value in values.items():
        if name in NAMES[rule]:
            own, times = NAMES[rule][name]
            changes[own] = float(value) if kinds[own] is float else int(value * times)
    return replace(Thresholds(), **changes)
