"""Signing in, and a mail for those who have forgotten their password. Both are limited."""

from django.conf import settings
from django.contrib.auth import views as auth

from coachbot.http.addresses import client_address
from workspaces.forms.pages import ForgottenPasswordForm, SignInForm
from workspaces.rate_limits import windows
from workspaces.views import known_browsers


class SignIn(auth.LoginView):
    """/sign-in"""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request, *args, **kwargs):
        email = request.POST.get("username", "")
        browser = known_browsers.known_as(request, email)
        try:
            windows.count_sign_in(email, client_address(request), browser)
        except windows.RateLimited as limited:
            return too_often(self, limited)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        response = super().form_valid(form)
        known_browsers.remember(self.request, response, form.get_user().email)
        return response


class ForgottenPassword(auth.PasswordResetView):
    """/password/forgotten"""

    form_class = ForgottenPasswordForm
    extra_email_context = {"base_url": settings.PUBLIC_BASE_URL}

    def post(self, request, *args, **kwargs):
        try:
            windows.count_password_mail(request.POST.get("email", ""), client_address(request))
        except windows.RateLimited as limited:
            return too_often(self, limited)
        return super().post(request, *args, **kwargs)


class NewPassword(auth.PasswordResetConfirmView):
    """/password/new/<uidb64>/<token>: whoever has the mailed link sets a password."""

    def form_valid(self, form):
        response = super().form_valid(form)
        # The way in for somebody whose account is being guessed at from everywhere.
        known_browsers.remember(self.request, response, form.user.email)
        return response


class ChangedPassword(auth.PasswordChangeView):
    """/password"""


def too_often(view, limited: windows.RateLimited):
    """Return a 429 that keeps what was typed, but for the password, and says when to retry."""
    form = view.get_form_class()(initial=view.request.POST.dict())
    context = view.get_context_data(form=form, retry_minutes=limited.minutes)
    response = view.render_to_response(context, status=429)
    response.headers["Retry-After"] = str(limited.retry_after)
    return response
