"""Addresses of notices, letters and the demonstration's clock."""

from django.urls import path

from notices import views

urlpatterns = [
    path("thong-bao/", views.notice_list, name="notice-list"),
    path("thong-bao/<int:pk>/", views.notice_open, name="notice-open"),
    path("thong-bao/da-doc/", views.notice_read_all, name="notice-read-all"),
    path("thu/", views.letter_list, name="letter-list"),
    path("thu/<int:pk>/", views.letter_detail, name="letter-detail"),
    path("dong-ho/", views.clock_advance, name="clock-advance"),
]
