"""Addresses of the register."""

from django.urls import path

from agencies import views

urlpatterns = [
    path("co-quan/", views.agency_list, name="agency-list"),
    path("co-quan/<int:pk>/", views.agency_detail, name="agency-detail"),
]
