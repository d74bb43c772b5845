"""Overview and leads, below /admin/<slug>/."""

from django.urls import path

from leads.views import export, lead, leads, overview, recording

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("leads", leads.list_leads, name="leads"),
    path("leads/export", export.export_leads, name="export_leads"),
    path("leads/delete", leads.delete_leads, name="delete_leads"),
    path("leads/<uuid:lead_id>", lead.show_lead, name="lead"),
    path("leads/<uuid:lead_id>/changes", lead.lead_changes, name="lead_changes"),
    path("leads/<uuid:lead_id>/take-over", lead.take_over, name="take_over_lead"),
    path("leads/<uuid:lead_id>/hand-back", lead.hand_back, name="hand_back_lead"),
    path("leads/<uuid:lead_id>/call-again", lead.call_again, name="call_lead_again"),
    path("leads/<uuid:lead_id>/recording", recording.play_recording, name="play_recording"),
]
