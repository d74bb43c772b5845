"""Overview and leads, below /admin/<slug>/."""

from django.urls import path

from leads.views import export, lead, leads, overview, recording, refused

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("leads", leads.list_leads, name="leads"),
    path("leads/export", export.export_leads, name="export_leads"),
    path("leads/delete", leads.delete_leads, name="delete_leads"),
    path("refused", refused.list_refused, name="refused"),
    path("refused/take-in", refused.take_in_all, name="take_in_all_refused"),
    path("refused/<uuid:refused_id>/take-in", refused.take_in, name="take_in_refused"),
    path("refused/<uuid:refused_id>/remove", refused.remove, name="remove_refused"),
    path("leads/<uuid:lead_id>", lead.show_lead, name="lead"),
    path("leads/<uuid:lead_id>/take-over", lead.take_over, name="take_over_lead"),
    path("leads/<uuid:lead_id>/hand-back", lead.hand_back, name="hand_back_lead"),
    path("leads/<uuid:lead_id>/call-again", lead.call_again, name="call_lead_again"),
    path("leads/<uuid:lead_id>/recording", recording.play_recording, name="play_recording"),
]
