from django.apps import AppConfig


class Devices(AppConfig):
    name = "zhengtong.domains.devices"
    label = "devices"
    default_auto_field = "django.db.models.BigAutoField"
