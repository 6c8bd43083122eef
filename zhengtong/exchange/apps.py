from django.apps import AppConfig


class Exchange(AppConfig):
    name = "zhengtong.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhengtong.base.outbox import channels
        from zhengtong.exchange import mail, open311_out, sms, webhook

        channels.register("sms", sms.providers)
        channels.register("mail", mail.providers)
        channels.register("webhook", webhook.providers)
        channels.register("open311", open311_out.providers)
