"""The bar of the forecast on real permits: what is given 20 % comes true two times in ten, and the future is not used."""

from io import StringIO
from xml.sax.saxutils import quoteattr

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from tests.exchange.test_import_log import NOW, RECEIPT, lines, moment, organ  # noqa: F401  (fixtures)
from zhengtong.base import calendar
from zhengtong.domains.cases.models import Case
from zhengtong.domains.forecast import queries
from zhengtong.domains.forecast.models import CaseForecast, Fit
from zhengtong.exchange.log_import import import_log
from zhengtong.exchange.log_map import read_map
from zhengtong.rules.forecast_check import fit_at, wilson
from zhengtong.rules.forecast_course import open_case
from zhengtong.rules.forecast_model import outlook

ITEM = "HJ-WABO-RECEIPT"


@pytest.mark.slow
def test_on_history_not_seen_twenty_per_cent_is_two_in_ten(organ, lines, capsys):  # noqa: F811
    import_log(RECEIPT, read_map("receipt"), at=NOW)
    call_command("forecast_check", item=ITEM, origins="24")
    told = capsys.readouterr().out
    assert "Reliability" in told
    assert "Brier" in told

    checked = queries.check(queries.courses(), until=NOW, count=24)
    found = checked.measure
    # Every outcome against the raw file.
    keys = dict(Case.objects.values_list("number", "external_no"))
    raw = {line["case"]: line for line in lines}
    for one in checked.rolled.tested:
        line = raw[keys[one.number]]
        assert one.late == (not line["end"] or moment(line["end"]) > moment(line["deadline"]))
        assert moment(line["start"]) < one.at < moment(line["deadline"])
    fifth = [one for one in checked.rolled.tested if 0.15 <= one.chance < 0.25]
    late = sum(one.late for one in fifth)
    assert (found.around_fifth.count, found.around_fifth.late) == (len(fifth), late)
    least, most = wilson(late, len(fifth))
    assert len(fifth) > 150
    assert least < 0.20 < most
    assert abs(late / len(fifth) - 0.20) < 0.06
    assert found.brier < found.brier_base < found.brier_known
    assert found.log_loss < found.log_loss_base
    assert abs(found.covered / found.intervals - 0.80) < 0.04
    # Tenths with enough in them do not stray from what was said by more than drift explains.
    assert all(abs(band.forecast - band.observed) < 0.12 for band in found.bands if band.count >= 100)


def forecast_at(at):
    known, learnt = calendar.current(), queries.courses()
    keys = dict(Case.objects.values_list("number", "external_no"))
    model = fit_at(learnt, at, known)
    cases = {course.number: open_case(course, at, known) for course in learnt}
    return {keys[number]: outlook(model, case) for number, case in cases.items() if case is not None}


def cut_off(rows, at):
    """The log as it stood at an instant, in XES, which can tell a case nothing was done to yet."""
    cases = {}
    for row in rows:
        if moment(row["start"]) < at:
            cases.setdefault(row["case"], []).append(row)
    told = ['<log xmlns="http://www.xes-standard.org/">']
    for key, acts in cases.items():
        first = acts[0]
        end = first["end"] if first["end"] and moment(first["end"]) < at else ""
        values = {
            "concept:name": key, "startdate": first["start"], "deadline": first["deadline"], "enddate": end,
            "channel": first["channel"], "department": first["department"],
        }  # fmt: skip
        told.append("<trace>" + strings(values))
        told += [
            "<event>"
            + strings({
                "concept:name": act["activity"], "org:resource": act["person"], "time:timestamp": act["at"],
                "lifecycle:transition": "complete",
            })
            + "</event>"
            for act in acts
            if moment(act["at"]) <= at
        ]  # fmt: skip
        told.append("</trace>")
    return "".join([*told, "</log>"])


def strings(values):
    return "".join(f"<string key={quoteattr(k)} value={quoteattr(v)}/>" for k, v in values.items() if v)


@pytest.mark.slow
def test_a_log_that_ends_that_day_gives_the_same_forecasts(organ, lines, tmp_path):  # noqa: F811
    """What the whole log says of an old day equals what the log cut off on that day says: nothing later was used."""
    at = min(moment(line["at"]) for line in lines if line["at"] > "2011-06-20")
    cut = tmp_path / "cut.xes"
    cut.write_text(cut_off(lines, at), encoding="utf-8")
    answers = []
    for path in (RECEIPT, cut):
        with transaction.atomic():
            import_log(path, read_map("receipt"), at=NOW)
            answers.append(forecast_at(at))
            transaction.set_rollback(True)
    whole, told = answers
    assert len(told) > 200
    assert told == whole


@pytest.mark.slow
def test_learning_stores_the_models_and_too_little_is_said(organ, capsys):  # noqa: F811
    with pytest.raises(CommandError, match="Nothing to judge yet"):
        call_command("forecast_check", stdout=StringIO())
    for wrong in ({"item": "NONE"}, {"organ": "NONE"}, {"origins": "tomorrow"}):
        with pytest.raises(CommandError):
            call_command("forecast_check", **wrong)
    import_log(RECEIPT, read_map("receipt"), at=NOW)
    call_command("fit_forecast")
    assert "open cases forecast" in capsys.readouterr().out
    assert set(Fit.objects.values_list("scope", flat=True)) == {"house", "organ", "item"}
    assert all(fit.calibration for fit in Fit.objects.all())
    # Nobody knows what became of a log's open cases after its last line.
    assert not CaseForecast.objects.exists()
    call_command("forecast_check", organ=organ.code, origins="2011-06-01,2011-09-01")
    assert "2 days of forecasting" in capsys.readouterr().out
