"""Addresses of reports, periods and consolidations."""

from django.urls import path

from reports.views import periods, reports

urlpatterns = [
    path("bao-cao/", reports.report_list, name="report-list"),
    path("bao-cao/<int:pk>/", reports.report_detail, name="report-detail"),
    path("bao-cao/<int:pk>/tai-ve/", reports.report_document, name="report-document"),
    path("bao-cao/<int:pk>/ban-ky/", reports.report_paper, name="report-paper"),
    path("bao-cao/<int:pk>/ban-ky/tep/", reports.report_signed_file, name="report-signed-file"),
    path("bao-cao/<int:pk>/tra-lai/", reports.report_reason, {"step": "tra-lai"}, name="report-return"),
    path(
        "bao-cao/<int:pk>/khong-phai-bao-cao/",
        reports.report_reason,
        {"step": "khong-phai-bao-cao"},
        name="report-exclude",
    ),
    path("bao-cao/<int:pk>/buoc/<slug:step>/", reports.report_step, name="report-step"),
    path("ky-bao-cao/", periods.period_list, name="period-list"),
    path("ky-bao-cao/<int:pk>/", periods.period_detail, name="period-detail"),
    path("ky-bao-cao/<int:pk>/mo/", periods.period_step, {"step": "mo"}, name="period-open"),
    path("ky-bao-cao/<int:pk>/dong/", periods.period_step, {"step": "dong"}, name="period-close"),
    path("ky-bao-cao/<int:pk>/tiep-nhan/", periods.period_accept, name="period-accept"),
    path("ky-bao-cao/<int:pk>/tong-hop/", periods.consolidation_new, name="consolidation-new"),
    path("tong-hop/<int:pk>/", periods.consolidation_detail, name="consolidation-detail"),
    path("tong-hop/<int:pk>/tai-ve/", periods.consolidation_document, name="consolidation-document"),
]
