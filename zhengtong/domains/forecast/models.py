"""What was learnt of how long cases take, and what it says of each open one.

Rebuilt nightly from the journal; evidence of nothing.
"""

from django.db import models

HOUSE, ORGAN, ITEM = "house", "organ", "item"


class Fit(models.Model):
    """The model of one scope as last fitted. An item's rates lean on its organ's, and those on the house's.

    `parameters` is what `rules/forecast_model` writes; `calibration` the measures of the rolling check, null where
    too little was decided to judge by. `base`: ended cases learnt from.
    """

    scope = models.CharField(max_length=5)
    scope_id = models.BigIntegerField(default=0)  # 0 for the house
    fitted_at = models.DateTimeField()
    base = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    parameters = models.JSONField()
    calibration = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "scope_id"], name="forecast_fit_scope")]

    def __str__(self) -> str:
        return f"{self.scope} {self.scope_id}"


class CaseForecast(models.Model):
    """The forecast of an open case as of last night, so that lists can be sorted by it. A page computes it anew."""

    case = models.OneToOneField("cases.Case", primary_key=True, on_delete=models.CASCADE, related_name="forecast")
    organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+", db_index=False)
    late_per_mille = models.PositiveSmallIntegerField()  # chance of ending after the promise
    over = models.BooleanField()  # the promise has run out already
    due_on = models.DateField(null=True)
    first_on = models.DateField(null=True)  # 10, 50 and 90 of 100 such cases have ended by then; null while paused
    middle_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    circle = models.CharField(max_length=5)  # item, organ or house: the narrowest with enough ended cases
    base = models.PositiveIntegerField()  # how many it has
    at = models.DateTimeField()

    class Meta:
        indexes = [
            # the page's order, most likely late first, keyset by (late_per_mille, case): house, organ, item
            models.Index(fields=["over", "-late_per_mille", "case"], name="forecast_house"),
            models.Index(fields=["organ", "over", "-late_per_mille", "case"], name="forecast_organ"),
            models.Index(fields=["item", "over", "-late_per_mille", "case"], name="forecast_item"),
            models.Index(fields=["at"], name="forecast_stale"),  # the night's clearing away of closed cases
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.late_per_mille}"
