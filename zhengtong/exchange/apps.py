from django.apps import AppConfig


class Exchange(AppConfig):
    name = "zhengtong.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
