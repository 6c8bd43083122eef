"""A hall was a name on each window; it becomes a place of its own in the network of four levels."""

import django.db.models.deletion
from django.db import migrations, models


def halls_of_windows(apps, schema_editor):
    hall, organ, region, window = (
        apps.get_model("registry", name) for name in ("Hall", "Organ", "Region", "ServiceWindow")
    )
    names = sorted(set(window.objects.values_list("hall_name", flat=True)))
    if not names:
        return
    centre = organ.objects.filter(is_centre=True).first() or organ.objects.first()
    place = centre.region if centre else region.objects.order_by("level").first()
    if place is None:  # windows without any place: nothing refused them, so they keep a place without a name
        place = region.objects.create(code="000000000000", name="—", level=4)
    for number, name in enumerate(names, start=1):
        made = hall.objects.create(
            code=f"H{number:02d}", kind="centre", name=name, region=place, address=centre.address if centre else ""
        )
        window.objects.filter(hall_name=name).update(hall=made)


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_first_password")]

    operations = [
        migrations.CreateModel(
            name="Hall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[(k, k) for k in ("centre", "township_station", "village_point")],
                        default="centre",
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                ("name_en", models.CharField(blank=True, max_length=100)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("phone", models.CharField(blank=True, max_length=50)),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="halls", to="registry.region"
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint("servicewindow", "window_number_in_hall"),
        migrations.RenameField("servicewindow", "hall", "hall_name"),
        migrations.AddField(
            "servicewindow",
            "hall",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="windows", to="registry.hall"
            ),
        ),
        migrations.RunPython(halls_of_windows, migrations.RunPython.noop),
    ]
