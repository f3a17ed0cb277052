"""What people do in Slack: one file per act, listed in one table."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from sandbox.acts import click, command, event, join, modal, shortcut, suggest, write
from sandbox.slack import Slack


@dataclass(frozen=True, slots=True)
class Act:
    """The JSON it takes and what it does; a Refusal when Slack would not let the person."""

    body: type[BaseModel]
    do: Callable[[Slack, Any], Awaitable[dict[str, Any]]]


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "message": Act(write.Message, write.write),
        "command": Act(command.Command, command.command),
        "interact": Act(click.Click, click.click),
        "shortcut": Act(shortcut.Shortcut, shortcut.shortcut),
        "submit": Act(modal.Submission, modal.submit),
        "close": Act(modal.Closing, modal.close),
        "open-home": Act(event.Opening, event.open_home),
        "suggest": Act(suggest.Search, suggest.suggest),
        "join": Act(join.Join, join.join),
        "event": Act(event.Event, event.send),
    }
)
