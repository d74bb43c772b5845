"""All providers to which a workspace can be connected, in the order of the settings page."""

from workspaces.connections.connection import Connection
from workspaces.connections.forms.calcom import CALCOM
from workspaces.connections.forms.openai import OPENAI
from workspaces.connections.forms.twilio import TWILIO
from workspaces.connections.forms.vapi import VAPI

CONNECTIONS: dict[str, Connection] = {
    connection.code: connection for connection in (VAPI, TWILIO, OPENAI, CALCOM)
}
