from django.apps import AppConfig


class Portal(AppConfig):
    name = "zhengtong.web.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
