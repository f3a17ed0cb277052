"""The two ways the sandbox says no: as Slack says it to an app, and as a sentence to a person."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import ValidationError


class SlackError(Exception):
    """A Web API call that Slack answers with `ok: false`; `extra` is merged into the answer."""

    def __init__(self, code: str, messages: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = tuple(messages)
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The JSON Slack would answer."""
        told: dict[str, Any] = {"response_metadata": {"messages": list(self.messages)}} if self.messages else {}
        return {"ok": False, "error": self.code, **told, **self.extra}


class Refusal(Exception):
    """Something a person cannot do in Slack; the control API answers with this status and sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


def valid(validate: Callable[[Any], Any], given: Any) -> Any:
    """What a pydantic model makes of the JSON given, or a Refusal naming the first fault."""
    try:
        return validate(given)
    except ValidationError as fault:
        first = fault.errors()[0]
        raise Refusal(422, f"{'.'.join(map(str, first['loc'])) or 'body'}: {first['msg']}.") from fault
