from django.apps import AppConfig


class Open311(AppConfig):
    name = "zhengtong.domains.open311"
    label = "open311"
    default_auto_field = "django.db.models.BigAutoField"
