from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("authenticity", "0002_rating_samples"),
    ]

    operations = [
        migrations.AddField(
            model_name="extendedhours",
            name="source",
            field=models.CharField(blank=True, default="", max_length=36),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="extendedhours",
            name="withdrawn_from",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="extendedhours",
            name="key",
            field=models.CharField(max_length=60, unique=True),
        ),
    ]
