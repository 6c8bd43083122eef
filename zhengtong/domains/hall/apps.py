from django.apps import AppConfig


class Hall(AppConfig):
    name = "zhengtong.domains.hall"
    label = "hall"
    default_auto_field = "django.db.models.BigAutoField"
