"""manage.py vapi_sandbox: what `manage.py sandbox` was called before it played Cal.com too."""

from coachbot.sandbox.management.commands.sandbox import Command

__all__ = ["Command"]
