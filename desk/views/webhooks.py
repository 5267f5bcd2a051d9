"""Which other programs hear what happens, and did they? For organisers."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.guards import desk_required
from accounts.roles import is_organiser
from desk.forms.webhooks import WebhookForm
from outbox.domain.webhooks import WebhookRefused, add_webhook, kinds, secret_of, send_test, stop_webhook
from outbox.models import Webhook

LATEST = 50


@require_http_methods(["GET", "POST"])
@desk_required(is_organiser)
def desk_webhooks(request):
    form = WebhookForm(request.POST or None, kinds=kinds())
    if request.method == "POST" and form.is_valid():
        try:
            webhook = add_webhook(**form.cleaned_data, now=timezone.now())
        except WebhookRefused as refused:
            for name, words in refused.fields.items():
                form.add_error(name, words)
        else:
            return redirect("desk-webhook", code=webhook.code)
    context = {"form": form, "webhooks": Webhook.objects.all()}
    return render(request, "desk/webhooks.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk_required(is_organiser)
def desk_webhook(request, code):
    webhook = get_object_or_404(Webhook, code=code)
    if request.method == "POST":
        if request.POST.get("action") == "stop":
            stop_webhook(webhook=webhook, now=timezone.now())
            messages.success(request, f"{webhook} is stopped. Its log stays.")
        elif request.POST.get("action") == "test" and webhook.stopped_at is None:
            send_test(webhook=webhook, now=timezone.now())
            messages.success(request, "A test is on its way. Look again in some seconds.")
        return redirect("desk-webhook", code=code)
    words = dict(kinds())
    context = {
        "webhook": webhook,
        "hears": [words.get(kind, kind) for kind in webhook.kinds],
        "secret": secret_of(webhook),
        "deliveries": webhook.deliveries.order_by("-happened_at", "-pk")[:LATEST],
    }
    return render(request, "desk/webhook.html", context)
