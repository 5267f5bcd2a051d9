from datetime import timedelta

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = "Outbox: What was sent, and what is still to be sent?"

    def ready(self) -> None:
        from outbox.domain import due, sending, telling

        due.register("send mail", sending.send_due)
        due.register("tell webhooks", telling.tell, every=timedelta(seconds=5))
