from datetime import timedelta

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = "Tickets: Who comes, who came?"

    def ready(self) -> None:
        from outbox.domain import due, webhooks
        from tickets import desk_messages, messages, tasks
        from tickets.domain import (
            announcing,
            changes,
            closing,
            erasure,
            happenings,
            reminders,
            staffing,
            waiting,
        )

        messages.register_composers()
        desk_messages.register_composers()
        webhooks.register("registered", "somebody registered", happenings.registered)
        webhooks.register("cancelled", "a registration ended", happenings.cancelled)
        webhooks.register("admitted", "somebody was let in", happenings.admitted)
        due.register("lapse unconfirmed tickets", changes.lapse_unconfirmed)
        due.register("waiting-list offers", waiting.make_offers)
        due.register("reminders", reminders.queue_reminders)
        due.register("check out at closing time", closing.check_out_at_closing)
        due.register("messages to many", announcing.send_announcements)
        due.register("files for organisers", tasks.make_exports)
        due.register("forget who was on duty", staffing.forget_staff, every=timedelta(minutes=15))
        due.register("tickets of large parties", tasks.make_sheets)
        due.register("erase what is due", erasure.erase_due, every=timedelta(minutes=15))
        due.register("clean the files of erased bytes", erasure.scrub, every=timedelta(minutes=15))
