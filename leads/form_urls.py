"""The hosted form, at /forms/<slug>."""

from django.urls import path, re_path

from leads.views.form import assets, public

SLUG = r"(?P<slug>[a-z0-9-]+)"

urlpatterns = [
    re_path(r"^forms/accent-(?P<accent>[0-9a-f]{6})\.css$", assets.form_accent, name="form_accent"),
    re_path(rf"^forms/{SLUG}/?$", public.hosted_form, name="hosted_form"),
    path("forms/<slug:slug>/thanks", public.form_thanks, name="form_thanks"),
    path("forms/<slug:slug>/embed.js", assets.form_embed, name="form_embed"),
    re_path(rf"^forms/{SLUG}/logo/(?P<digest>[0-9a-f]{{64}})$", assets.form_logo, name="form_logo"),
]
