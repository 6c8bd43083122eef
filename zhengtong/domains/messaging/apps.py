from django.apps import AppConfig


class Messaging(AppConfig):
    name = "zhengtong.domains.messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhengtong.base.outbox import channels
        from zhengtong.domains.messaging.queries import on_guest_list

        channels.guard(on_guest_list)
