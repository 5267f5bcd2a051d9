"""What do our mails to the board say? The figure in one sentence, and the report as it was published."""

from django.conf import settings
from django.template.loader import render_to_string

from accounts.models import User
from outbox.domain import composers
from outbox.domain.composers import Mail
from reporting.domain.presenter import tell
from reporting.domain.schedules import PURPOSE
from reporting.faces import face_of
from reporting.models import PublishedReport


def register_composers() -> None:
    composers.register(PURPOSE, _reach_report)


def _reach_report(context: dict) -> Mail | None:
    """None where the reader has left meanwhile."""
    reader = User.objects.filter(pk=context["user"], is_active=True).first()
    report = PublishedReport.objects.select_related("target").filter(pk=context["report"]).first()
    if reader is None or report is None:
        return None
    told = tell(report.report)
    address = f"{settings.SITE_URL}/desk/reach/{report.target.slug}/?number={report.number}"
    text = render_to_string("reporting/mail/report.txt", {"told": told, "address": address, "report": report})
    return Mail(
        to=[reader.email],
        subject=f"Report {report.number}: {report.target.title}",
        text=text.strip() + "\n",
        attachments=[
            (
                f"{report.target.slug}-{report.number}.pdf",
                face_of("pdf", report.report).content,
                "application/pdf",
            )
        ],
    )
