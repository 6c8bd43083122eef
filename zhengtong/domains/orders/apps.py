from django.apps import AppConfig


class Orders(AppConfig):
    name = "zhengtong.domains.orders"
    label = "orders"
    default_auto_field = "django.db.models.BigAutoField"
