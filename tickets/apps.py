from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = "Tickets: Who comes?"

    def ready(self) -> None:
        from outbox.domain import due
        from tickets import messages, tasks
        from tickets.domain import changes, reminders, waiting_list
        from tickets.models import TicketSheet

        messages.register_composers()
        due.register("lapse unconfirmed tickets", changes.lapse_unconfirmed)
        due.register("waiting-list offers", waiting_list.make_offers)
        due.register("reminders", reminders.queue_reminders)
        due.register("tickets of large parties", tasks.make_sheets, lane="sheets", rows=TicketSheet)
