"""Which addresses does this floor answer?"""

from django.urls import path

from reporting.api import ReachView
from reporting.faces import FACES
from reporting.views import answers, jobs, records, reports, targets, today

urlpatterns: list = [
    path("desk/", today.today, name="desk"),
    path("desk/reach/", reports.reach_list, name="reach"),
    path("desk/reach/records/answers/", answers.answers_page, name="reach-answers"),
    path("desk/reach/records/new-target/", targets.target_edit, name="reach-target-new"),
    path("desk/reach/records/near-matches/", records.near_match_list, name="reach-near-matches"),
    path("desk/reach/records/hand-counts/", records.hand_counts, name="reach-hand-counts"),
    path("desk/reach/records/invitations/", records.invitation_list, name="reach-invitations"),
    path("desk/reach/records/invitations/<int:pk>/", records.invitation_page, name="reach-invitation"),
    path("desk/reach/schools/<slug:slug>/", records.school_list, name="reach-schools"),
    path(
        "desk/reach/schools/<slug:slug>/<str:reference>/evidence.pdf",
        records.school_evidence_file,
        name="reach-school-evidence",
    ),
    path("desk/reach/<slug:slug>/", reports.target_page, name="reach-target"),
    path("desk/reach/<slug:slug>/edit/", targets.target_edit, name="reach-target-edit"),
    path("desk/reach/<slug:slug>/jobs/", jobs.ask, name="reach-jobs"),
    path("desk/reach/<slug:slug>/jobs/<int:pk>/", jobs.job_page, name="reach-job"),
    path("desk/reach/<slug:slug>/jobs/<int:pk>/file/", jobs.job_file, name="reach-job-file"),
    path("desk/reach/<slug:slug>/jobs/<int:pk>/cancel/", jobs.cancel, name="reach-job-cancel"),
    path("desk/reach/<slug:slug>/schedule/", jobs.schedule, name="reach-schedule"),
    path("desk/reach/<slug:slug>/publish/", reports.publish, name="reach-publish"),
    *(
        path(
            f"desk/reach/<slug:slug>/report.{face}", reports.report_file, {"face": face}, name=f"reach-{face}"
        )
        for face in FACES
    ),
]

# Under api/v1/.
api_urls = [path("reach/<slug:slug>/", ReachView.as_view(), name="api-reach")]
