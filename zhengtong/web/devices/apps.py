from django.apps import AppConfig


class DevicePages(AppConfig):
    name = "zhengtong.web.devices"
    label = "device_pages"
    default_auto_field = "django.db.models.BigAutoField"
