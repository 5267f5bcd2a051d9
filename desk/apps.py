from datetime import timedelta

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "desk"
    verbose_name = "Desk: What do organisers do with it?"

    def ready(self) -> None:
        from desk import messages, tasks
        from desk.domain import announcements, erasure, webhook_events
        from desk.models import Export
        from outbox.domain import due, webhooks

        messages.register_composers()
        webhooks.register("registered", "somebody registered", webhook_events.registered)
        webhooks.register("cancelled", "a registration ended", webhook_events.cancelled)
        webhooks.register("admitted", "somebody was let in", webhook_events.admitted)
        due.register("messages to many", announcements.send_announcements)
        due.register("files for organisers", tasks.make_exports, lane="exports", rows=Export)
        due.register("erase what is due", erasure.erase_due, every=timedelta(minutes=15))
        due.register("clean the files of erased bytes", erasure.scrub, every=timedelta(minutes=15))
