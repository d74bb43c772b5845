"""A tool that a language model can call: what it is for, and what it takes as a JSON schema.

OpenAI's API and Vapi's take the same shape: `{"name", "description", "parameters"}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FunctionTool:
    """What one is for, and what it takes: names with their JSON schema."""

    description: str
    takes: Mapping[str, Mapping[str, Any]]
    required: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, Any]:
        """Return what it takes as a JSON schema."""
        properties = {name: dict(schema) for name, schema in self.takes.items()}
        return {"type": "object", "properties": properties, "required": list(self.required)}


def said(description: str) -> dict[str, str]:
    """Return the schema of a text."""
    return {"type": "string", "description": description}
