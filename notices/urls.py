"""Addresses of the inbox, of letters, of how a plan reminds, and of the demonstration's clock."""

from django.urls import path

from notices.views import calendars, clock, inbox, letters, plan_notices, rehearsing, urging

urlpatterns = [
    path("thong-bao/", inbox.notice_list, name="notice-list"),
    path("thong-bao/<int:pk>/", inbox.notice_open, name="notice-open"),
    path("thong-bao/da-doc/", inbox.notice_read_all, name="notice-read-all"),
    path("thong-bao/tuy-chon/", inbox.notice_wishes, name="notice-wishes"),
    path("ke-hoach/<int:pk>/nhac-viec/", plan_notices.plan_settings, name="plan-notices"),
    path("ke-hoach/<int:pk>/nguoi-nhan/", plan_notices.plan_recipients, name="plan-recipients"),
    path("ke-hoach/<int:pk>/nguoi-nhan/<int:agency_pk>/", plan_notices.agency_notices, name="plan-agency-notices"),
    path("ke-hoach/<int:pk>/danh-sach-trinh/", plan_notices.plan_escalated, name="plan-escalated"),
    path("don-doc/", urging.desk, name="urging-desk"),
    path("don-doc/ke-hoach/<int:pk>/", urging.send, name="urging-send"),
    path("don-doc/ke-hoach/<int:pk>/cong-van/<int:agency_pk>/", urging.letter, name="urging-letter"),
    path("don-doc/ky-bao-cao/<int:pk>/", urging.reports, name="urging-reports"),
    path("don-doc/nhat-ky/", urging.log, name="urging-log"),
    path("don-doc/nhat-ky/<int:pk>/so/", urging.number, name="urging-number"),
    path("dien-tap/", rehearsing.rehearsal, name="notice-rehearsal"),
    path("lich/", calendars.calendar_list, name="calendar-list"),
    path("lich/lap/", calendars.calendar_give, name="calendar-give"),
    path("lich/<int:pk>/thu-hoi/", calendars.calendar_revoke, name="calendar-revoke"),
    path("lich/<str:token>.ics", calendars.calendar_feed, name="calendar-feed"),
    path("thu/", letters.letter_list, name="letter-list"),
    path("thu/<int:pk>/", letters.letter_detail, name="letter-detail"),
    path("dong-ho/", clock.clock_advance, name="clock-advance"),
]
