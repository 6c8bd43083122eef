from django.apps import AppConfig


class Ratings(AppConfig):
    name = "zhengtong.domains.ratings"
    label = "ratings"
    default_auto_field = "django.db.models.BigAutoField"
