from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hall", "0001_initial")]

    operations = [
        migrations.RemoveIndex("openinghours", "hours_of_hall"),
        migrations.RemoveConstraint("openinghours", "hours_forward"),
        migrations.AddField("openinghours", "week", models.JSONField(default=dict)),
        migrations.AddField("openinghours", "version", models.PositiveIntegerField(default=0)),
        migrations.AddField("openinghours", "journal_head", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField("specialday", "cancelled", models.BooleanField(default=False)),
        migrations.AddField("specialday", "version", models.PositiveIntegerField(default=0)),
        migrations.AddField("specialday", "journal_head", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField("sitting", "serial", models.PositiveIntegerField(default=1), preserve_default=False),
        migrations.AddField("sitting", "version", models.PositiveIntegerField(default=0)),
        migrations.AddField("sitting", "journal_head", models.CharField(blank=True, default="", max_length=64)),
    ]
