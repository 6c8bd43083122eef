from django.apps import AppConfig


class Performance(AppConfig):
    name = "zhengtong.domains.performance"
    label = "performance"
    default_auto_field = "django.db.models.BigAutoField"
