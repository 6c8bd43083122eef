from django.apps import AppConfig


class Frame(AppConfig):
    name = "zhengtong.web.frame"
    label = "frame"
    default_auto_field = "django.db.models.BigAutoField"
