from django.apps import AppConfig


class Authenticity(AppConfig):
    name = "zhengtong.domains.authenticity"
    label = "authenticity"
    default_auto_field = "django.db.models.BigAutoField"
