"""Signing in through django-allauth: accounts are given by the administrator, nobody signs up."""

import logging
import smtplib
from typing import Any

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.urls import URLPattern, path, re_path

logger = logging.getLogger(__name__)
_OPEN = login_not_required
urlpatterns: list[URLPattern] = [
    path("dang-nhap/", _OPEN(views.login), name="account_login"),
    path("dang-xuat/", views.logout, name="account_logout"),
    path("dang-ky/", _OPEN(views.signup), name="account_signup"),
    path("tam-khoa/", _OPEN(views.account_inactive), name="account_inactive"),
    path("xac-nhan-mat-khau/", views.reauthenticate, name="account_reauthenticate"),
    path("mat-khau/doi/", views.password_change, name="account_change_password"),
    path("mat-khau/dat/", views.password_set, name="account_set_password"),
    path("mat-khau/quen/", _OPEN(views.password_reset), name="account_reset_password"),
    path("mat-khau/quen/da-gui/", _OPEN(views.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^mat-khau/quen/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        _OPEN(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "mat-khau/quen/xong/",
        _OPEN(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]
"""Only what our people need of allauth: sign in and out, change or reset a password. Signing up is closed."""


class AccountAdapter(DefaultAccountAdapter):
    """House rules for accounts, in the language of the house."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Tài khoản này đang tạm khóa.",
        "email_password_mismatch": "Thư điện tử hoặc mật khẩu không đúng.",
        "username_password_mismatch": "Tên đăng nhập hoặc mật khẩu không đúng.",
        "enter_current_password": "Hãy nhập mật khẩu hiện tại.",
        "incorrect_password": "Mật khẩu không đúng.",
        "invalid_login": "Tên đăng nhập hoặc mật khẩu không đúng.",
        "invalid_or_expired_key": "Liên kết không đúng hoặc đã hết hạn.",
        "invalid_password_reset": "Liên kết đặt lại mật khẩu không đúng hoặc đã dùng.",
        "too_many_login_attempts": "Đăng nhập sai quá nhiều lần. Hãy thử lại sau vài phút.",
        "unknown_email": "Không có tài khoản nào dùng thư điện tử này.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers by themselves: people come with the register of agencies."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter about the account; a mail server that is away shows to us in the log, not as a broken page."""
        try:
            super().send_mail(template_prefix, email, context)
        except (smtplib.SMTPException, OSError) as error:
            logger.error("A letter about an account could not be sent: %s", type(error).__name__)

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Leave the username as the administrator gave it."""
