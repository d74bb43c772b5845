"""Overview, leads and log, below /admin/<slug>/."""

from django.urls import path, register_converter

from leads.models.intake.hosted_form import QUESTION_ID
from leads.views import (
    add_lead,
    bulk,
    do_not_call,
    first_steps,
    logs,
    offered,
    overview,
    refused,
    rehearsal,
    strangers,
    waiting,
)
from leads.views.connected_forms import page as connect_form
from leads.views.form import builder, preview
from leads.views.lead import page as lead
from leads.views.lead import recording, work, writing
from leads.views.listed import export, leads


class QuestionConverter:
    """The id of a question of the form."""

    regex = QUESTION_ID.pattern

    def to_python(self, question_id: str) -> str:
        return question_id

    def to_url(self, question_id: str) -> str:
        return question_id


class WayConverter(QuestionConverter):
    """Where a question is moved."""

    regex = "up|down"


register_converter(QuestionConverter, "question")
register_converter(WayConverter, "way")

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("waiting", waiting.show_waiting, name="waiting"),
    path("offered/<str:because>", offered.show_offered, name="show_offered"),
    path("offered/<str:because>/call", offered.call_offered, name="call_offered"),
    path("offered/<str:because>/leave", offered.leave_offered, name="leave_offered"),
    path("first-steps", first_steps.show_first_steps, name="first_steps"),
    path("first-steps/call-me", first_steps.call_me, name="call_me"),
    path("first-steps/book-by-hand", first_steps.book_by_hand, name="book_by_hand"),
    path("leads", leads.list_leads, name="leads"),
    path("leads/add", add_lead.add_lead, name="add_lead"),
    path("leads/export", export.export_leads, name="export_leads"),
    path("leads/changes", leads.list_changes, name="list_changes"),
    path("leads/call", bulk.call_leads, name="call_leads"),
    path("leads/assign", bulk.assign_leads, name="assign_leads"),
    path("leads/close", bulk.close_leads, name="close_leads"),
    path("leads/delete", bulk.delete_leads, name="delete_leads"),
    path("leads/undo/<uuid:deed_id>", bulk.undo, name="undo_leads"),
    path("messages", strangers.list_messages, name="strangers"),
    path("messages/<uuid:message_id>/remove", strangers.remove, name="remove_stranger"),
    path("refused", refused.list_refused, name="refused"),
    path("refused/take-in", refused.take_in_all, name="take_in_all_refused"),
    path("refused/<uuid:refused_id>/take-in", refused.take_in, name="take_in_refused"),
    path("refused/<uuid:refused_id>/remove", refused.remove, name="remove_refused"),
    path("leads/<uuid:lead_id>", lead.show_lead, name="lead"),
    path("leads/<uuid:lead_id>/take-over", work.take_over, name="take_over_lead"),
    path("leads/<uuid:lead_id>/hand-back", work.hand_back, name="hand_back_lead"),
    path("leads/<uuid:lead_id>/assign", work.assign, name="assign_lead"),
    path("leads/<uuid:lead_id>/close", work.close, name="close_lead"),
    path("leads/<uuid:lead_id>/reopen", work.reopen, name="reopen_lead"),
    path("leads/<uuid:lead_id>/notes", work.add_note, name="add_note"),
    path("leads/<uuid:lead_id>/next-step", work.set_next_step, name="set_next_step"),
    path("leads/<uuid:lead_id>/next-step/done", work.end_next_step, name="end_next_step"),
    path("leads/<uuid:lead_id>/changes", lead.lead_changes, name="lead_changes"),
    path("leads/<uuid:lead_id>/call-again", lead.call_again, name="call_lead_again"),
    path("leads/<uuid:lead_id>/recording", recording.play_recording, name="play_recording"),
    path("leads/<uuid:lead_id>/stop-follow-up", work.stop_follow_up, name="stop_follow_up"),
    path("leads/<uuid:lead_id>/skip-attempt", work.skip_attempt, name="skip_attempt"),
    path("leads/<uuid:lead_id>/call-back", work.call_back, name="call_lead_back"),
    path("leads/<uuid:lead_id>/write", writing.write, name="write_to_lead"),
    path("leads/<uuid:lead_id>/write-template", writing.write_template, name="write_lead_template"),
    path("leads/<uuid:lead_id>/do-not-call", do_not_call.add_lead, name="do_not_call_lead"),
    path("agent/try", rehearsal.try_agent, name="try_agent"),
    path("logs", logs.logs, name="logs"),
    path("logs/new", logs.new_rows, name="new_log_rows"),
    path("logs/<int:entry_id>", logs.log_entry, name="log_entry"),
    path("form", builder.edit_form, name="form"),
    path("form/preview", preview.preview_form, name="preview_form"),
    path("form/questions/add", builder.add_question, name="add_form_question"),
    path(
        "form/questions/<question:question_id>/<way:way>",
        builder.move_question,
        name="move_form_question",
    ),
    path(
        "form/questions/<question:question_id>/remove",
        builder.remove_question,
        name="remove_form_question",
    ),
    path("form/publish", builder.publish, name="publish_form"),
    path("form/unpublish", builder.unpublish, name="unpublish_form"),
    path("form/logo/<slug:digest>", builder.show_logo, name="form_draft_logo"),
    path("do-not-call", do_not_call.show_list, name="do_not_call"),
    path("do-not-call/add", do_not_call.add, name="add_do_not_call"),
    path("do-not-call/upload", do_not_call.upload, name="upload_do_not_call"),
    path("do-not-call/check", do_not_call.check, name="check_do_not_call"),
    path("do-not-call/remove", do_not_call.remove, name="remove_do_not_call"),
    path("do-not-call/export", do_not_call.export_list, name="export_do_not_call"),
    path("connect-form", connect_form.list_addresses, name="connect_form"),
    path("connect-form/add", connect_form.add_address, name="add_intake_address"),
    path("connect-form/<uuid:address_id>", connect_form.show_address, name="intake_address"),
    path(
        "connect-form/<uuid:address_id>/fields",
        connect_form.map_fields,
        name="map_intake_fields",
    ),
    path(
        "connect-form/<uuid:address_id>/replace",
        connect_form.replace_token,
        name="replace_intake_token",
    ),
    path(
        "connect-form/<uuid:address_id>/revoke",
        connect_form.revoke_address,
        name="revoke_intake_address",
    ),
]
