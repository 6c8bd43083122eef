from django.apps import AppConfig


class Messaging(AppConfig):
    name = "zhengtong.domains.messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"
