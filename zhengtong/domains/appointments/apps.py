from django.apps import AppConfig


class Appointments(AppConfig):
    name = "zhengtong.domains.appointments"
    label = "appointments"
    default_auto_field = "django.db.models.BigAutoField"
