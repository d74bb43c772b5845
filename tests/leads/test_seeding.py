"""Made-up leads look like those that there are: their rows agree with each other."""

from django.utils import timezone

from leads.management import seeding
from leads.models import Author, Conversation, LeadStatus
from tests.factories import make_workspace
from workspaces.models import Channel


def test_leads_of_a_whatsapp_workspace_have_conversations():
    workspace = make_workspace(channel=Channel.WHATSAPP)

    seeding.seed(workspace, leads=30, rows=3, days=2, now=timezone.now(), first=910_000)

    conversations = Conversation.objects.filter(lead__workspace=workspace)
    assert conversations.count() == workspace.leads.count() == 30
    assert workspace.calls.count() == 0
    for one in conversations.prefetch_related("messages").select_related("lead"):
        heard = [m for m in one.messages.all() if m.author == Author.LEAD]
        assert one.message_count == len(one.messages.all())
        assert bool(heard) is (one.lead.status != LeadStatus.NEW) is bool(one.window_until)
