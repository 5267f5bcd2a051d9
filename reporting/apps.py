from datetime import timedelta

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = "Reporting: Did we reach them?"

    def ready(self) -> None:
        from desk.domain import subject_access
        from outbox.domain import due, webhooks
        from reporting import messages, tasks
        from reporting.domain import (
            cached_figures,
            near_matches,
            schedules,
            school_evidence,
            ticket_erasure,
            webhook_events,
        )
        from reporting.models import ReportJob

        messages.register_composers()
        webhooks.register("report-published", "a report was published", webhook_events.report_published)
        subject_access.register("attendance_recorded_by_hand", ticket_erasure.attendance_by_hand)
        due.register("reasons of erased tickets", ticket_erasure.forget_reasons)

        due.register(
            "near matches", near_matches.find_near_matches, every=timedelta(hours=1), lane="reports"
        )  # all names are compared
        due.register("school types", school_evidence.carry_school_types)
        due.register("figures of the dashboard", cached_figures.count_again, lane="reports")
        due.register("reports asked for", tasks.make_reports, lane="reports", rows=ReportJob)
        due.register("scheduled reports", schedules.publish_scheduled, lane="reports")
