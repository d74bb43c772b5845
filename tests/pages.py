"""Every page by name: what is photographed, and what axe looks at."""

from coachbot.docs.pages import BY_NAME
from workspaces.views.sections import SECTIONS


def visitor_pages() -> dict[str, str]:
    """Return the pages of people who are not signed in, by name."""
    return {
        "welcome": "/",
        "sign-in": "/sign-in",
        "password-forgotten": "/password/forgotten",
        "password-sent": "/password/sent",
        "not-found": "/admin/nobody/",
        "session-ended": "/admin/nobody/logs/new",
        "no-page": "/sign-out",
        "docs-reference": "/docs/reference",
        **{f"docs{page.path[5:].replace('/', '-')}": page.path for page in BY_NAME.values()},
    }


def workspace_pages(workspace) -> dict[str, str]:
    """Return the pages of a workspace, by name."""
    base = f"/admin/{workspace.slug}"
    invitation = workspace.invitations.first()
    pages = {
        "overview": f"{base}/",
        "overview-quarter": f"{base}/?when=90",
        "leads": f"{base}/leads",
        "waiting": f"{base}/waiting?whose=all",
        "offered": f"{base}/offered/paused",
        "do-not-call": f"{base}/do-not-call",
        "first-steps": f"{base}/first-steps",
        "lead-add": f"{base}/leads/add",
        "leads-no-match": f"{base}/leads?text=nobody",
        "leads-filtered": f"{base}/leads?tab=all&sort=name&when=30",
        "refused": f"{base}/refused",
        "strangers": f"{base}/messages",
        "refused-take-in": f"{base}/refused/take-in",
        "form": f"{base}/form",
        "logs": f"{base}/logs",
        "notices": f"{base}/notices",
        "notices-disconnect": f"{base}/notices/channel/disconnect",
        "api-keys": f"{base}/api-keys",
        "connect-form": f"{base}/connect-form",
        "webhooks": f"{base}/webhooks",
        "webhooks-sent": f"{base}/webhooks/sent",
        "settings": f"{base}/settings",
        **{
            f"settings-{code}": f"{base}/settings/{code}"
            for code, section in list(SECTIONS.items())[1:]
            if section.concerns(workspace)
        },
        "vapi-setup": f"{base}/settings/vapi/events",
        "vapi-go-back": f"{base}/settings/vapi/go-back",
        "vapi-setup-renew": f"{base}/settings/vapi/events/renew",
        "password": "/password",
    }
    if workspace.form_published:
        pages["hosted-form"] = f"/forms/{workspace.slug}"
    if invitation:
        revoke = f"settings/members/invitations/{invitation.pk}/revoke"
        pages["invitation-revoke"] = f"{base}/{revoke}"
    lead = workspace.leads.newest_first().first()
    if lead:
        pages["lead"] = f"{base}/leads/{lead.pk}"
        seeded = workspace.leads.exclude(booking_uid="").first() or lead
        pages["lead-booked"] = f"{base}/leads/{seeded.pk}"
        for deed in ("call", "assign", "close", "delete"):
            pages[f"leads-{deed}"] = f"{base}/leads/{deed}?lead={lead.pk}"
        pages["leads-all"] = f"{base}/leads/close?all=1&tab=all"
        pages["lead-in-list"] = f"{base}/leads/{lead.pk}?tab=all"
        failed = workspace.log.exclude(error="").order_by("-id").first()
        entry = failed or workspace.log.latest("id")
        pages["log-entry"] = f"{base}/logs/{entry.pk}"
    for address in workspace.intake_addresses.order_by("created_at"):
        page = f"{base}/connect-form/{address.pk}"
        pages[f"connect-form-{address.tool}"] = page
        pages["connect-form-replace"] = f"{page}/replace"
        pages["connect-form-revoke"] = f"{page}/revoke"
    stranger = workspace.messages.filter(conversation=None).first()
    if stranger:
        pages["stranger-remove"] = f"{base}/messages/{stranger.pk}/remove"
    for endpoint in workspace.webhook_endpoints.order_by("pk")[:2]:
        page = f"{base}/webhooks/{endpoint.pk}"
        pages[f"webhook-{'on' if endpoint.is_on else 'off'}"] = page
        pages["webhook-rotate"] = f"{page}/rotate"
        pages["webhook-delete"] = f"{page}/delete"
        if delivery := endpoint.deliveries.order_by("pk").first():
            pages["webhook-delivery"] = f"{base}/webhooks/sent/{delivery.pk}"
    refused = workspace.refused_submissions.first()
    if refused:
        pages["refused-remove"] = f"{base}/refused/{refused.pk}/remove"
    return pages
