"""Which mails could not be delivered, and shall we try again?"""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.guards import desk_required
from desk.domain.failed_mail import failures, retry
from desk.domain.mail_after_restore import held_mail, settle_held
from desk.rules import may_see_registrations


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required(may_see_registrations)
def failed_mail(request):
    held = request.POST.get("held")
    if held in {"send", "drop"}:
        settled = settle_held(send=held == "send", by=request.user, now=timezone.now())
        words = "sent within a minute" if held == "send" else "not sent again"
        messages.success(request, f"{settled} mail{'' if settled == 1 else 's'} will be {words}.")
        return redirect("desk-mail")
    if request.method == "POST":
        tried = retry(message_id=request.POST.get("message", "")[:200], now=timezone.now())
        messages.success(
            request, f"{tried} mail{'' if tried == 1 else 's'} will be tried again within a minute."
        )
        return redirect("desk-mail")
    return render(request, "desk/mail.html", {"failures": failures(), "held": held_mail()})
