from django.apps import AppConfig


class Forecast(AppConfig):
    name = "zhengtong.domains.forecast"
    label = "forecast"
    default_auto_field = "django.db.models.BigAutoField"
