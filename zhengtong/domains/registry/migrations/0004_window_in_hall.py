"""Apart from the filling: PostgreSQL changes no table that has rows waiting for a check in the same transaction."""

import django.db.models.deletion
from django.db import migrations, models

from zhengtong.rules.roles import Role


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_halls")]

    operations = [
        migrations.RemoveField("servicewindow", "hall_name"),
        migrations.AlterField(
            "servicewindow",
            "hall",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="windows", to="registry.hall"),
        ),
        migrations.AddConstraint(
            "servicewindow", models.UniqueConstraint(fields=["hall", "number"], name="window_number_in_hall")
        ),
        migrations.AlterField(
            "post", "role", models.CharField(choices=[(role.value, role.value) for role in Role], max_length=20)
        ),
    ]
