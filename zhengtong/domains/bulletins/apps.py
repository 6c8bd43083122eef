from django.apps import AppConfig


class Bulletins(AppConfig):
    name = "zhengtong.domains.bulletins"
    label = "bulletins"
    default_auto_field = "django.db.models.BigAutoField"
