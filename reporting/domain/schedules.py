"""Which reports are published again and again, and who is told? The board, by mail."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import BOARD
from foundation.refusals import InvalidInput
from outbox.domain.mail_queue import Draft, queue_messages
from reporting.domain.publishing import PublishedToday, publish_report
from reporting.models import PublishedReport, ReportSchedule, Target

PURPOSE = "reach-report"


def schedule_reports(
    *, target: Target, every: str, next_date: date, by: User, now: datetime
) -> ReportSchedule:
    """Publish and mail a target's report regularly, from next_date on; an earlier schedule is replaced.

    :raises InvalidInput: the date has been, or the period is none of ours
    """
    if every not in ReportSchedule.Every.values:
        raise InvalidInput(fields={"every": ["Choose a period"]})
    if next_date < timezone.localtime(now).date():
        raise InvalidInput(fields={"next_date": ["Choose today or a later day"]})
    schedule, _ = ReportSchedule.objects.update_or_create(
        target=target, defaults={"every": every, "next_date": next_date, "set_by": by, "set_at": now}
    )
    return schedule


def stop_schedule(*, target: Target) -> None:
    ReportSchedule.objects.filter(target=target).delete()


def publish_scheduled(*, now: datetime) -> int:
    """Publish what is due today and queue the board's mails; return how many reports.

    Missed days publish once.
    """
    today = timezone.localtime(now).date()
    due = list(ReportSchedule.objects.filter(next_date__lte=today).values_list("pk", flat=True))
    return sum(_publish(pk, today=today, now=now) for pk in due)


def following(day: date, every: str) -> date:
    """The next day of a schedule: a week on, or the same day of a later month, or its last."""
    if every == ReportSchedule.Every.WEEK:
        return day + timedelta(days=7)
    months = 1 if every == ReportSchedule.Every.MONTH else 3
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def tell_board(*, report: PublishedReport, now: datetime) -> int:
    """Queue a mail to everybody in the board's group, once a report and person; return how many."""
    board = (
        User.objects.filter(groups__name=BOARD, is_active=True).exclude(email="").values_list("pk", flat=True)
    )
    drafts = [
        Draft(purpose=PURPOSE, key=f"report:{report.pk}:{user}", context={"report": report.pk, "user": user})
        for user in board
    ]
    queue_messages(drafts=drafts, now=now)
    return len(drafts)


def _publish(pk: int, *, today: date, now: datetime) -> bool:
    with transaction.atomic():
        schedule = (
            ReportSchedule.objects.select_for_update()
            .select_related("target", "set_by")
            .filter(pk=pk, next_date__lte=today)
        ).first()
        if schedule is None:
            return False
        try:
            report = publish_report(target=schedule.target, by=schedule.set_by, now=now)
        except PublishedToday:
            report = schedule.target.published_reports.order_by("-number")[0]
        tell_board(report=report, now=now)
        while schedule.next_date <= today:
            schedule.next_date = following(schedule.next_date, schedule.every)
        schedule.save(update_fields=["next_date"])
    return True
