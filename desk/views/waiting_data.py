"""What do we hold about somebody who only waits, for whoever has the link of their place in the queue?"""

import json

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from desk.domain.erasure import erase_waiting
from desk.domain.subject_access import as_rows, waiting_data
from desk.models import ErasureReceipt
from tickets.domain.waiting_list import STANDING, entry_of


@never_cache
@require_http_methods(["GET", "POST"])
def waiting_data_page(request, secret):
    """See it, take it away, delete it; only the button deletes."""
    entry = entry_of(secret=secret)
    if entry is None or not entry.email:
        return render(request, "tickets/link_over.html", status=404)
    if request.method == "POST":
        erase_waiting(entry=entry, reason=ErasureReceipt.Reason.OWNER, now=timezone.now())
        return redirect("data-deleted")
    held = waiting_data(entry=entry)
    if request.GET.get("format") == "json":
        content = json.dumps(held, indent=2, ensure_ascii=False)
        response = HttpResponse(content, content_type="application/json")
        response["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return response
    context = {
        "event": entry.event,
        "rows": [(where, what) for where, what in as_rows(held) if what],
        "secret": secret,
        "is_standing": entry.state in STANDING,
    }
    return render(request, "desk/public/waiting_data.html", context)
