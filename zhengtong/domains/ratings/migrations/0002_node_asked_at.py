from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ratings", "0001_initial")]

    operations = [migrations.AddField("node", "asked_at", models.DateTimeField(null=True))]
