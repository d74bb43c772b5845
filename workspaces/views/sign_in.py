"""Signing in, and a mail for those who have forgotten their password. Both are limited."""

from django.conf import settings
from django.contrib.auth.views import LoginView, PasswordResetView

from coachbot.http.addresses import client_address
from workspaces.forms.pages import ForgottenPasswordForm, SignInForm
from workspaces.rate_limits import windows


class SignIn(LoginView):
    """/sign-in"""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request, *args, **kwargs):
        try:
            windows.count_sign_in(request.POST.get("username", ""), client_address(request))
        except windows.RateLimited as limited:
            return too_often(self, limited)
        return super().post(request, *args, **kwargs)


class ForgottenPassword(PasswordResetView):
    """/password/forgotten"""

    form_class = ForgottenPasswordForm
    extra_email_context = {"base_url": settings.PUBLIC_BASE_URL}

    def post(self, request, *args, **kwargs):
        try:
            windows.count_password_mail(request.POST.get("email", ""), client_address(request))
        except windows.RateLimited as limited:
            return too_often(self, limited)
        return super().post(request, *args, **kwargs)


def too_often(view, limited: windows.RateLimited):
    """Return a 429 that keeps what was typed, but for the password, and says when to retry."""
    form = view.get_form_class()(initial=view.request.POST.dict())
    minutes = -(-limited.retry_after // 60)
    context = view.get_context_data(form=form, retry_minutes=minutes)
    response = view.render_to_response(context, status=429)
    response.headers["Retry-After"] = str(limited.retry_after)
    return response
