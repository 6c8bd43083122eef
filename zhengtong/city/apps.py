from django.apps import AppConfig


class City(AppConfig):
    name = "zhengtong.city"
    label = "city"
    default_auto_field = "django.db.models.BigAutoField"
