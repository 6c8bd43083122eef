from django.apps import AppConfig


class Applications(AppConfig):
    name = "zhengtong.domains.applications"
    label = "applications"
    default_auto_field = "django.db.models.BigAutoField"
