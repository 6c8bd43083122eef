from django.apps import AppConfig


class Supervision(AppConfig):
    name = "zhengtong.domains.supervision"
    label = "supervision"
    default_auto_field = "django.db.models.BigAutoField"
