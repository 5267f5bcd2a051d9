from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = "Outbox: What was sent, and what is still to be sent?"

    def ready(self) -> None:
        from outbox.domain import due, mail_delivery, webhook_delivery
        from outbox.models import Delivery, Message

        due.register("send mail", mail_delivery.send_due, lane="mail", rows=Message)
        due.register("tell webhooks", webhook_delivery.tell, lane="webhooks", rows=Delivery)
