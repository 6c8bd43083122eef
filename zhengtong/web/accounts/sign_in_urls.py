"""The addresses of allauth that we have drawn, and no others. Their names are allauth's, so they have no namespace."""

from allauth.account import views as allauth_views
from django.contrib.auth.decorators import login_required
from django.urls import path

from zhengtong.web.accounts import views

urlpatterns = [
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", views.SignOut.as_view(), name="account_logout"),
    path("signup/", allauth_views.signup, name="account_signup"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("email/", allauth_views.email, name="account_email"),
    path("email/confirm/", allauth_views.email_verification_sent, name="account_email_verification_sent"),
    path("phone/", login_required(views.ChangePhone.as_view()), name="account_change_phone"),
    path("phone/confirm/", allauth_views.verify_phone, name="account_verify_phone"),
    path("password/", allauth_views.password_change, name="account_change_password"),
    path("password/reset/", allauth_views.password_reset, name="account_reset_password"),
    path(
        "password/reset/confirm/",
        allauth_views.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path("password/reset/new/", allauth_views.complete_password_reset, name="account_complete_password_reset"),
    path(
        "password/reset/done/",
        allauth_views.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
]
