"""Which addresses does this floor answer?"""

from django.urls import path

from reporting.api import ReachView
from reporting.faces import FACES
from reporting.views import reports, today

urlpatterns: list = [
    path("desk/", today.today, name="desk"),
    path("api/v1/reach/<slug:slug>/", ReachView.as_view(), name="api-reach"),
    path("desk/reach/", reports.reach_list, name="reach"),
    path("desk/reach/<slug:slug>/", reports.target_page, name="reach-target"),
    path("desk/reach/<slug:slug>/publish/", reports.publish, name="reach-publish"),
    *(
        path(
            f"desk/reach/<slug:slug>/report.{face}", reports.report_file, {"face": face}, name=f"reach-{face}"
        )
        for face in FACES
    ),
]
