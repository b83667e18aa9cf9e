"""The REST API: a second door to the same verbs, closed by default."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError as ModelValidationError
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.authtoken.views import ObtainAuthToken
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import exception_handler

from agencies.api import AgencyViewSet
from notices.api import NoticeViewSet
from plans.api import EvidenceViewSet, ImportDraftViewSet, PlanViewSet, TaskViewSet, WorkItemViewSet
from plans.desk_api import ExtensionViewSet, ObstacleViewSet
from plans.progress_api import ItemLinkViewSet, TargetViewSet
from reports.api import ConsolidationViewSet, PeriodViewSet
from reports.report_api import ReportViewSet


def answer_for(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a broken rule of a model with 400 and its words, as a body nested without end; else as REST framework does."""
    if isinstance(error, RecursionError):
        error = ParseError("Nội dung JSON lồng nhau quá sâu.")
    if isinstance(error, ModelValidationError):
        error = ValidationError(error.message_dict if hasattr(error, "error_dict") else error.messages)
    return exception_handler(error, context)


class TokenSerializer(AuthTokenSerializer):
    """A name and a password, checked at the same door as the sign-in page, with its limits by account and address."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return them with the person; raises the same error for a wrong name, a wrong password and a locked account."""
        request = self.context["request"]._request
        person = get_adapter(request).authenticate(request, username=attrs["username"], password=attrs["password"])
        if person is None or not person.is_active:
            raise ValidationError("Tên đăng nhập hoặc mật khẩu không đúng.", code="authorization")
        return {**attrs, "user": person}


class TokenView(ObtainAuthToken):
    """Give the token of a name and password; slowed down against guessing."""

    serializer_class = TokenSerializer
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "token"


router = DefaultRouter()
router.include_root_view = False
router.register("agencies", AgencyViewSet, basename="api-agency")
router.register("plans", PlanViewSet, basename="api-plan")
router.register("tasks", TaskViewSet, basename="api-task")
router.register("work-items", WorkItemViewSet, basename="api-work-item")
router.register("extensions", ExtensionViewSet, basename="api-extension")
router.register("obstacles", ObstacleViewSet, basename="api-obstacle")
router.register("targets", TargetViewSet, basename="api-target")
router.register("item-links", ItemLinkViewSet, basename="api-item-link")
router.register("evidence", EvidenceViewSet, basename="api-evidence")
router.register("imports", ImportDraftViewSet, basename="api-import")
router.register("periods", PeriodViewSet, basename="api-period")
router.register("reports", ReportViewSet, basename="api-report")
router.register("consolidations", ConsolidationViewSet, basename="api-consolidation")
router.register("notices", NoticeViewSet, basename="api-notice")

urlpatterns = [
    path("token/", TokenView.as_view(), name="api-token"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("", include(router.urls)),
]
