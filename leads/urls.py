"""Overview and leads, below /admin/<slug>/."""

from django.urls import path

from leads.views import do_not_call, export, lead, leads, overview, recording

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("leads", leads.list_leads, name="leads"),
    path("leads/export", export.export_leads, name="export_leads"),
    path("leads/delete", leads.delete_leads, name="delete_leads"),
    path("leads/<uuid:lead_id>", lead.show_lead, name="lead"),
    path("leads/<uuid:lead_id>/take-over", lead.take_over, name="take_over_lead"),
    path("leads/<uuid:lead_id>/hand-back", lead.hand_back, name="hand_back_lead"),
    path("leads/<uuid:lead_id>/call-again", lead.call_again, name="call_lead_again"),
    path("leads/<uuid:lead_id>/recording", recording.play_recording, name="play_recording"),
    path("leads/<uuid:lead_id>/do-not-call", do_not_call.add_lead, name="do_not_call_lead"),
    path("do-not-call", do_not_call.show_list, name="do_not_call"),
    path("do-not-call/add", do_not_call.add, name="add_do_not_call"),
    path("do-not-call/check", do_not_call.check, name="check_do_not_call"),
    path("do-not-call/remove", do_not_call.remove, name="remove_do_not_call"),
    path("do-not-call/export", do_not_call.export_list, name="export_do_not_call"),
]
