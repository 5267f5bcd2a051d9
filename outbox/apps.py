from datetime import timedelta

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = "Outbox: What was sent, and what is still to be sent?"

    def ready(self) -> None:
        from outbox.domain import due, mail_delivery, webhook_delivery

        due.register("send mail", mail_delivery.send_due)
        due.register("tell webhooks", webhook_delivery.tell, every=timedelta(seconds=5))
