"""Workspaces, who belongs to them, their keys and credentials, and their log."""

from workspaces.models.api_key import SCOPES, ApiKey, Preset, Scope
from workspaces.models.assistant_setup import AssistantSetup
from workspaces.models.credential import Credential, CredentialKind, Verdict
from workspaces.models.invitation import Invitation
from workspaces.models.log_entry import LogEntry, LogKind, Outcome
from workspaces.models.member import Membership, Role
from workspaces.models.notice import (
    Notice,
    NoticeHook,
    NoticeKind,
    NoticeReader,
    NoticeWay,
    OpenTrouble,
    Telling,
)
from workspaces.models.persona import Persona
from workspaces.models.subscription import Subscription, SubscriptionState
from workspaces.models.taken_slug import TakenSlug
from workspaces.models.user import User
from workspaces.models.webhook import (
    DeliveryState,
    EventType,
    Off,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from workspaces.models.workspace import Channel, NumberType, Workspace, WorkspaceQuerySet

__all__ = [
    "SCOPES",
    "ApiKey",
    "AssistantSetup",
    "Channel",
    "Credential",
    "CredentialKind",
    "DeliveryState",
    "EventType",
    "Invitation",
    "LogEntry",
    "LogKind",
    "Membership",
    "Notice",
    "NoticeHook",
    "NoticeKind",
    "NoticeReader",
    "NoticeWay",
    "NumberType",
    "Off",
    "OpenTrouble",
    "Outcome",
    "Persona",
    "Preset",
    "Role",
    "Scope",
    "Subscription",
    "SubscriptionState",
    "TakenSlug",
    "Telling",
    "User",
    "Verdict",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
    "Workspace",
    "WorkspaceQuerySet",
]
