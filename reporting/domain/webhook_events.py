"""What may another program hear of this floor? That a report was published, and its figure."""

from collections.abc import Iterator
from datetime import datetime

from outbox.domain.webhooks import Happened
from reporting.models import PublishedReport


def report_published(since: datetime, most: int) -> Iterator[Happened]:
    rows = PublishedReport.objects.filter(published_at__gte=since).select_related("target")
    for one in rows.order_by("published_at", "pk")[:most]:
        payload = {
            "target": one.target.slug,
            "number": one.number,
            "as_at": one.as_at.isoformat(),
            "digest": one.digest,
        }
        yield Happened(key=f"report:{one.pk}", at=one.published_at, payload=payload)
