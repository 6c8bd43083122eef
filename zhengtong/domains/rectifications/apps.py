from django.apps import AppConfig


class Rectifications(AppConfig):
    name = "zhengtong.domains.rectifications"
    label = "rectifications"
    default_auto_field = "django.db.models.BigAutoField"
