from django.apps import AppConfig


class Letters(AppConfig):
    name = "zhengtong.domains.letters"
    label = "letters"
    default_auto_field = "django.db.models.BigAutoField"
