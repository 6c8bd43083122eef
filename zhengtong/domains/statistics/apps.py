from django.apps import AppConfig


class Statistics(AppConfig):
    name = "zhengtong.domains.statistics"
    label = "statistics"
    default_auto_field = "django.db.models.BigAutoField"
