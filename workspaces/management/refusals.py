"""What a command says of values that a model does not take."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError


def refusal(error: ValidationError) -> CommandError:
    """Return a model's ValidationError as one line that names each field."""
    fields = error.message_dict.items()
    return CommandError("; ".join(f"{field}: {' '.join(texts)}" for field, texts in fields))
