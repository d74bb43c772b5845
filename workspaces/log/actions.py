"""What people do in the dashboard and on the command line: the code, and how it is said."""

from django.db import models


class Action(models.TextChoices):
    """The code of a log row of the kind `operator_action`, with its text."""

    CALL_LEAD = "lead.call", "Call lead again"
    TAKE_OVER_LEAD = "lead.take_over", "Take over lead"
    HAND_BACK_LEAD = "lead.hand_back", "Hand lead back"
    DELETE_LEAD = "lead.delete", "Delete lead"
    TAKE_IN_REFUSED = "refused.take_in", "Take in refused person"
    REMOVE_REFUSED = "refused.remove", "Remove refused person"
    EXPORT_LEADS = "leads.export", "Export leads"
    RENAME = "workspace.rename", "Change name and slug"
    PAUSE = "workspace.pause", "Pause agent"
    RESUME = "workspace.resume", "Resume agent"
    CHANGE_SETTINGS = "workspace.change_settings", "Change settings"
    CONNECT_VAPI = "vapi.connect", "Change Vapi account"
    VERIFY_VAPI = "vapi.verify", "Verify Vapi account"
    CONNECT_CALCOM = "calcom.connect", "Change Cal.com account"
    VERIFY_CALCOM = "calcom.verify", "Verify Cal.com account"
    RENEW_TOOL_SECRET = "vapi.renew_tool_secret", "Renew tool secret"
    CREATE_API_KEY = "api_key.create", "Create API key"
    REVOKE_API_KEY = "api_key.revoke", "Revoke API key"
    REPLACE_API_KEY = "api_key.replace", "Replace API key"
    ADD_MEMBER = "member.add", "Add member"
    CHANGE_ROLE = "member.change_role", "Change role"
    REMOVE_MEMBER = "member.remove", "Remove member"
