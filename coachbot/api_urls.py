"""The map of everything below /api/. What is not on it is answered in the envelope."""

from django.urls import include, path

handler400 = handler403 = handler404 = handler500 = "coachbot.http.envelope.refuse"
urlpatterns = [
    # First, as each pattern that does not match costs the request that it is tried for.
    path("api/public/", include("leads.api.urls")),
    path("api/intake/", include("leads.api.intake_urls")),
    path("api/vapi/", include("leads.api.webhooks.vapi_urls")),
    path("api/calcom/", include("leads.api.webhooks.calcom_urls")),
    path("api/whatsapp/", include("leads.api.webhooks.twilio_urls")),
    path("api/", include("leads.api.schema_urls")),
]
