from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hall", "0003_journals_begun")]

    operations = [
        migrations.RemoveField("openinghours", "weekday"),
        migrations.RemoveField("openinghours", "opens"),
        migrations.RemoveField("openinghours", "closes"),
        migrations.AddConstraint(
            "openinghours",
            models.UniqueConstraint(
                condition=models.Q(("window__isnull", True)), fields=("hall",), name="hours_of_hall_once"
            ),
        ),
        migrations.AddConstraint(
            "openinghours",
            models.UniqueConstraint(
                condition=models.Q(("window__isnull", False)), fields=("window",), name="hours_of_window_once"
            ),
        ),
        migrations.AddConstraint(
            "sitting", models.UniqueConstraint(fields=("window", "on", "serial"), name="sitting_serial")
        ),
    ]
