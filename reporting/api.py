"""How does the API answer for the figures? With the one report object."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import PersonTokenAuthentication
from reporting.domain.report_access import live_values, published_report
from reporting.models import Target
from reporting.serializers import ReachAnswer, ReachQuery


class ReachView(APIView):
    authentication_classes = [PersonTokenAuthentication]

    @extend_schema(parameters=[ReachQuery], responses={200: ReachAnswer}, tags=["reach"])
    def get(self, request, slug):
        """The report object: live and exact for organisers, the latest published report for the board."""
        if not request.user.has_perm("reporting.read_reports"):
            raise PermissionDenied
        asked = ReachQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        target = get_object_or_404(Target, slug=slug)
        as_at = asked.validated_data.get("as_at")
        if request.user.has_perm("reporting.see_live"):
            values = live_values(
                target=target,
                now=timezone.now(),
                by=request.user,
                face="api",
                as_at=as_at,
                public=asked.validated_data["public"],
            )
            return Response(values)
        report = published_report(target=target, as_at=as_at)
        if report is None:
            raise Http404
        return Response(report.report)
