from django.urls import path

from zhengtong.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.account, name="account"),
    path("acting/", views.acting_for, name="acting"),
    path("local-inbox/", views.local_inbox, name="local_inbox"),
]
