from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = "Reporting: Did we reach them?"

    def ready(self) -> None:
        from outbox.domain import due, webhooks
        from reporting import messages, tasks
        from reporting.domain import forgetting, happenings, morning, schedules, school_evidence
        from tickets.domain import my_data

        messages.register_composers()
        webhooks.register("report-published", "a report was published", happenings.report_published)
        my_data.register("attendance_recorded_by_hand", forgetting.attendance_by_hand)
        due.register("reasons of erased tickets", forgetting.forget_reasons)

        due.register("near matches", tasks.look_for_near_matches)
        due.register("school types", school_evidence.carry_school_types)
        due.register("figures of the dashboard", morning.count_again)
        due.register("reports asked for", tasks.make_reports)
        due.register("scheduled reports", schedules.publish_scheduled)
