"""How does a report look on paper? An editorial document of aggregates, readable by everybody."""

from django.template.loader import render_to_string

from printing.pdf import render_pdf
from reporting.charts import charts_of, progress
from reporting.domain.presenter import Told
from reporting.domain.school_evidence import SchoolEvidence
from reporting.exports import report_csv

ORDER = (
    "by_borough",
    "by_age_band",
    "editions",
    "ladder",
    "funnel",
    "by_strand",
    "convergence",
    "by_school_type",
    "invitations",
    "arrivals",
)
ON_THE_SUMMARY = ("by_borough", "by_age_band", "invitations", "funnel")


def report_pdf(told: Told) -> bytes:
    """A PDF/UA-1 with the figures embedded as CSV."""
    charts = charts_of(told)
    first = [charts[key] for key in ON_THE_SUMMARY if key in charts][:2]
    context = {
        "told": told,
        "progress": progress(told.values),
        "summary": first,
        "main": [charts[key] for key in ORDER if key in charts],
    }
    html = render_to_string("reporting/print.html", context)
    return render_pdf(
        html=html, attachments=[("figures.csv", "All figures of this report", report_csv(told))]
    )


def school_pdf(evidence: SchoolEvidence) -> bytes:
    """One school's evidence of its visit, for its own records."""
    context = {
        "told": evidence,
    }
    return render_pdf(html=render_to_string("reporting/school_print.html", context))
