"""Addresses of plans, imports, tasks and work items."""

from django.urls import path

from plans.views import importing, plans, uploading, work

urlpatterns = [
    path("ke-hoach/", plans.plan_list, name="plan-list"),
    path("ke-hoach/nhap/", uploading.upload, name="plan-upload"),
    path("ke-hoach/nhap/<int:pk>/", importing.draft, name="import-draft"),
    path("ke-hoach/nhap/dong/<int:pk>/", importing.row, name="import-row"),
    path("ke-hoach/nhap/<int:pk>/bo/", importing.drop, name="import-drop"),
    path("ke-hoach/nhap/<int:pk>/xac-nhan/", importing.confirm, name="import-confirm"),
    path("ke-hoach/<int:pk>/", plans.plan_detail, name="plan-detail"),
    path("ke-hoach/<int:pk>/van-ban/", plans.plan_document, name="plan-document"),
    path("nhiem-vu/<int:pk>/", plans.task_detail, name="task-detail"),
    path("nhiem-vu/<int:pk>/xac-nhan-thoi-han/", plans.deadline_settle, name="task-settle"),
    path("chi-so/", plans.criterion_list, name="criterion-list"),
    path("dau-viec/", work.work_list, name="work-list"),
    path("dau-viec/nhieu/", work.work_bulk, name="work-bulk"),
    path("dau-viec/<int:pk>/", work.work_item, name="work-item"),
    path("dau-viec/<int:pk>/bao-hoan-thanh/", work.hand_in, name="work-hand-in"),
    path("dau-viec/<int:pk>/xac-nhan/", work.confirm, name="work-confirm"),
    path("dau-viec/<int:pk>/tra-lai/", work.send_back, name="work-return"),
    path("dau-viec/<int:pk>/mien/", work.waive, name="work-waive"),
    path("dau-viec/<int:pk>/phu-trach/", work.give, name="work-give"),
    path("minh-chung/<int:pk>/", work.evidence_file, name="evidence-file"),
]
