"""Asking the language model: within the day's tokens, the turn's time, the provider's limit."""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from coachbot.deadline import Deadline
from coachbot.providers import ProviderError, limits
from coachbot.providers.openai import client
from leads.agent import tools
from leads.agent.text import tokens
from leads.agent.text.history import MOST_CHARACTERS
from workspaces.log import exchanges

TOKENS_A_ROUND = 3_000
# A token is rarely less than so many characters; what is guessed too high is given back.
CHARACTERS_A_TOKEN = 3
TOO_LONG = "openai.too_long"


@dataclass(frozen=True)
class Model:
    """A workspace's model. lead_id: whom the questions are about, None for nobody.

    patience: seconds to wait for one of the places that this process has at the provider.
    """

    workspace_id: int
    account: client.Account
    deadline: Deadline
    lead_id: uuid.UUID | None = None
    patience: float = 0.0

    def ask(self, question: Callable[[int], Sequence[Mapping[str, Any]]]) -> client.Completion:
        """Ask for the next message, once more with half of the past where that is too long.

        question: makes the messages, with so many characters of the past. Raises tokens.UsedUp and
        ProviderError.
        """
        try:
            return self._ask(question(MOST_CHARACTERS))
        except ProviderError as error:
            if error.code != TOO_LONG:
                raise
        return self._ask(question(MOST_CHARACTERS // 2))

    def _ask(self, messages: Sequence[Mapping[str, Any]]) -> client.Completion:
        offered = tools.told_to_model()
        size = len(json.dumps([list(messages), offered], ensure_ascii=False, default=str))
        taken = tokens.take(
            self.workspace_id, question=size // CHARACTERS_A_TOKEN, most=TOKENS_A_ROUND
        )
        used = 0
        try:
            found = self._complete(messages, offered, taken.most)
            used = found.prompt_tokens + found.completion_tokens
            return found
        finally:
            tokens.settle(taken, used)

    def _complete(
        self,
        messages: Sequence[Mapping[str, Any]],
        offered: Sequence[Mapping[str, Any]],
        most: int,
    ) -> client.Completion:
        door = exchanges.door(self.workspace_id, lead_id=self.lead_id)
        wait = min(self.patience, self.deadline.remaining())
        with limits.LIMITS["openai"].hold(self.workspace_id, patience=wait):
            return client.complete(
                door,
                self.account,
                messages,
                offered,
                most_tokens=most,
                timeout=min(settings.OPENAI_TIMEOUT, self.deadline.remaining()),
            )
