from django.db import migrations
from django.db.models import F


def wake(apps, schema_editor):
    """Limits that ran before supervision looked at their kind are looked at when they end: one statement each."""
    rows = apps.get_model("base", "Deadline").objects.filter(
        outcome="open", next_signal_at__isnull=True, due_at__isnull=False, provisional=False
    )
    rows.filter(kind__in=["notice", "stage", "special", "delivery"]).update(
        next_signal="WAKE", next_signal_at=F("due_at")
    )


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial"), ("base", "0004_deadline_kinds_are_the_rules")]

    operations = [migrations.RunPython(wake, migrations.RunPython.noop)]
