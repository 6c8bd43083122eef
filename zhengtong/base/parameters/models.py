from django.db import models


class Parameter(models.Model):
    """参数: one value of one number of the law, from a day to a day."""

    key = models.CharField(max_length=60)
    value = models.JSONField()
    unit = models.CharField(max_length=20, blank=True)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "effective_from"], name="parameter_from_once")]
