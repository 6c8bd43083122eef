"""What stood before it had a journal gets its first entry: the row as it was found. A week becomes one row."""

from django.db import migrations
from django.db.migrations.recorder import MigrationRecorder

from zhengtong.base.journal.chain import entry_hash, salt_for
from zhengtong.rules.canonical import canonical, plain
from zhengtong.rules.queue_hours import written

SYSTEM = ("system", None, "系统")  # (kind, id, name)


def begin(apps, schema_editor):
    hours, special, sitting, entry = (
        apps.get_model(app, name)
        for app, name in (("hall", "OpeningHours"), ("hall", "SpecialDay"), ("hall", "Sitting"), ("base", "Entry"))
    )
    now = MigrationRecorder(schema_editor.connection).migration_qs.latest("applied").applied
    join_weeks(hours)
    number(sitting)
    for row in hours.objects.select_related("hall"):
        key = f"{row.hall.code}/week/{row.window_id}" if row.window_id else f"{row.hall.code}/week"
        adopt(entry, row, "opening_hours", key, "opening_hours.changed", ("hall_id", "window_id", "week"), now, SYSTEM)
    for row in special.objects.select_related("hall"):
        fields = ("hall_id", "on", "hours", "note", "note_en", "cancelled")
        key = f"{row.hall.code}/{row.on.isoformat()}"
        adopt(entry, row, "special_day", key, "special_day.announced", fields, now, SYSTEM)
    for row in sitting.objects.select_related("officer", "window"):
        fields = ("window_id", "officer_id", "hall_id", "on", "opened_at", "closed_at", "back_at")
        key = f"{row.window_id}/{row.on.isoformat()}/{row.serial}"
        actor, facts = ("officer", row.officer_id, row.officer.name), {"window": row.window.number}
        adopt(entry, row, "sitting", key, "sitting.opened", fields, row.opened_at, actor, **facts)


def join_weeks(hours):
    spans = {}
    for row in hours.objects.order_by("id"):
        first, week = spans.setdefault((row.hall_id, row.window_id), (row, {}))
        week.setdefault(row.weekday, []).append((row.opens, row.closes))
    for first, week in spans.values():
        first.week = {str(weekday): written(sorted(found)) for weekday, found in sorted(week.items())}
        first.save(update_fields=["week"])
    hours.objects.exclude(pk__in=[first.pk for first, _ in spans.values()]).delete()


def number(sitting):
    last = {}
    for row in sitting.objects.order_by("opened_at", "id"):
        last[row.window_id, row.on] = row.serial = last.get((row.window_id, row.on), 0) + 1
        if row.serial > 1:
            row.save(update_fields=["serial"])


def adopt(entry, row, subject_kind, key, kind, fields, at, actor, **facts):
    kept = {**facts, "adopted": True, "row": {name: plain(getattr(row, name)) for name in fields}}
    first = entry(
        subject_kind=subject_kind, subject_key=key, seq=1, kind=kind, actor_kind=actor[0], actor_id=actor[1],
        actor_name=actor[2], post="", at=at, facts=canonical(kept), salt=salt_for(subject_kind, key, 1), prev="",
    )  # fmt: skip
    first.hash = row.journal_head = entry_hash(first)
    row.version = 1
    first.save()
    row.save(update_fields=["version", "journal_head"])


class Migration(migrations.Migration):
    dependencies = [("hall", "0002_journals"), ("base", "0005_seal")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
