"""How does somebody read what we keep, take it away, or have it deleted?"""

import json

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import desk_required
from accounts.roles import is_organiser
from desk.domain.data_handover import hand_over
from desk.domain.erasure import erase_registration
from desk.domain.subject_access import as_rows, my_data
from desk.forms.privacy import FindReferenceForm, HandOverForm
from desk.models import ErasureReceipt
from foundation.spreadsheets import csv_file
from tickets import pdf
from tickets.domain.retention import UNCONFIRMED_HOURS, rules
from tickets.models import Registration
from tickets.views.owner import owned
from tickets.views.request_guards import costly

LATEST = 50


@require_safe
def privacy_page(request):
    """The statement; its days are those that hold here."""
    contact = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    context = {"rules": rules(), "unconfirmed_hours": UNCONFIRMED_HOURS, "contact": contact}
    return render(request, "desk/public/privacy.html", context)


@require_safe
@owned
def data_csv(request, registration, secret):
    return _as_csv(my_data(registration=registration))


@costly
@require_safe
@owned
def data_pdf(request, registration, secret):
    content = pdf.data_pdf(rows=as_rows(my_data(registration=registration)), reference=registration.reference)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="my-data.pdf"'
    return response


@require_http_methods(["GET", "POST"])
@owned
def delete_page(request, registration, secret):
    """One page that says what will happen; only its button deletes."""
    if request.method == "POST":
        erase_registration(registration=registration, reason=ErasureReceipt.Reason.OWNER, now=timezone.now())
        return redirect("data-deleted")
    context = {
        "registration": registration,
        "event": registration.event,
        "secret": secret,
        "frees_place": registration.ended_at is None and timezone.now() < registration.event.doors_open_at,
    }
    return render(request, "desk/public/delete.html", context)


@require_safe
def deleted_page(request):
    return render(request, "desk/public/deleted.html")


@require_http_methods(["GET", "POST"])
@desk_required(is_organiser)
def desk_page(request):
    """What leaves when, what has left, and a registration to look up by its reference."""
    form = FindReferenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = _held(form.cleaned_data["reference"])
        if found is not None:
            return redirect("desk-privacy-registration", reference=found.reference)
        form.add_error("reference", "We hold nothing under this reference. It may have been erased.")
    context = {
        "form": form,
        "rules": rules(),
        "receipts": ErasureReceipt.objects.select_related("event", "erased_by")[:LATEST],
    }
    return render(request, "desk/privacy.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk_required(is_organiser)
def desk_registration(request, reference):
    """Hand over what we hold about a registration, or erase it, for somebody who asked."""
    registration = _held(reference)
    if registration is None:
        messages.info(request, "We hold nothing under this reference. It may have been erased.")
        return redirect("desk-privacy")
    form = HandOverForm(request.POST if request.POST.get("action") == "hand-over" else None)
    if request.method == "POST" and request.POST.get("action") == "erase":
        erase_registration(
            registration=registration,
            reason=ErasureReceipt.Reason.ORGANISER,
            now=timezone.now(),
            by=request.user,
        )
        messages.success(request, f"Registration {reference} is erased. The figures stay as they were.")
        return redirect("desk-privacy")
    if form.is_bound and form.is_valid():
        held = hand_over(
            registration=registration,
            given_to=form.cleaned_data["given_to"],
            by=request.user,
            now=timezone.now(),
        )
        return _as_csv(held) if form.cleaned_data["file"] == "csv" else _as_json(held)
    context = {
        "registration": registration,
        "event": registration.event,
        "form": form,
        "tickets": registration.tickets.count(),
        "has_children": registration.tickets.filter(age__lt=16).exists(),
    }
    return render(request, "desk/privacy_registration.html", context, status=422 if form.errors else 200)


def _held(reference: str) -> Registration | None:
    return (
        Registration.objects.select_related("event")
        .filter(reference=reference, erased_at__isnull=True)
        .first()
    )


def _as_json(held: dict) -> HttpResponse:
    response = HttpResponse(
        json.dumps(held, indent=2, ensure_ascii=False), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


def _as_csv(held: dict) -> HttpResponse:
    """Two columns. A cell that a spreadsheet would take for a formula is led by an apostrophe."""
    rows = [("What", "Value"), *as_rows(held)]
    response = HttpResponse(csv_file(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="my-data.csv"'
    return response
