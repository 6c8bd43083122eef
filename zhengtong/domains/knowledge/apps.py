from django.apps import AppConfig


class Knowledge(AppConfig):
    name = "zhengtong.domains.knowledge"
    label = "knowledge"
    default_auto_field = "django.db.models.BigAutoField"
