"""The first page, and everything about signing in."""

from django.contrib.auth import views as auth
from django.urls import path, reverse_lazy

from workspaces.views import home, invitations, sign_in, stop_notices

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-out", auth.LogoutView.as_view(), name="sign_out"),
    path("invitation", invitations.invitation, name="invitation"),
    path(
        "invitation/account",
        invitations.NewAccount.as_view(),
        name="accept_with_new_account",
    ),
    path("invitation/open/<str:token>", invitations.open_invitation, name="open_invitation"),
    path("notices/stop/<str:token>", stop_notices.stop_notices, name="stop_notices"),
    path(
        "password",
        sign_in.ChangedPassword.as_view(success_url=reverse_lazy("password_changed")),
        name="password_change",
    ),
    path("password/changed", auth.PasswordChangeDoneView.as_view(), name="password_changed"),
    path("password/forgotten", sign_in.ForgottenPassword.as_view(), name="password_reset"),
    path("password/sent", auth.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "password/new/<uidb64>/<token>",
        sign_in.NewPassword.as_view(),
        name="password_reset_confirm",
    ),
    path("password/set", auth.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]
