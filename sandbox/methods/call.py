"""What a Web API method is, and how it reads its arguments."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.errors import SlackError
from sandbox.slack import Slack

Args = dict[str, Any]
Answer = dict[str, Any]

_JSON_ARGS = {
    "blocks": "invalid_blocks_format",
    "view": "invalid_arguments",
    "metadata": "invalid_metadata_format",
    "files": "invalid_arguments",
    "attachments": "invalid_attachments",
}
_FALSE = {None, "", "0", "false", "False", 0}


@dataclass(frozen=True, slots=True)
class Method:
    """One method: what it does, the scope it needs, whose token opens it (`bot`, `app`, None: client credentials).

    Scopes that depend on the kind of a conversation are asked for where the method runs.

    Some older ones read no JSON: arguments that come so are not seen.
    """

    run: Callable[[Slack, Args], Answer]
    scope: str | None = None
    owner: str | None = "bot"
    reads_json: bool = True


def parsed(args: Args) -> Args:
    """Arguments with the JSON ones decoded, as they come as strings in a form."""
    decoded = dict(args)
    for name, error in _JSON_ARGS.items():
        if isinstance(decoded.get(name), str):
            try:
                decoded[name] = json.loads(decoded[name])
            except ValueError as fault:
                raise SlackError(error) from fault
    return decoded


def flag(args: Args, name: str) -> bool:
    """A boolean argument, whichever way it was written."""
    value = args.get(name)
    return value if isinstance(value, bool) else value not in _FALSE


def needed(args: Args, name: str, error: str = "invalid_arguments") -> str:
    """A required text argument."""
    value = args.get(name)
    if not value or not isinstance(value, str):
        raise SlackError(error, [f"[ERROR] missing required field: {name}"])
    return value


def page(items: Sequence[Any], args: Args, default: int = 1_000) -> tuple[list[Any], dict[str, str]]:
    """One page of a list and the `response_metadata` with the next cursor; a bad cursor is `invalid_cursor`."""
    cursor, wanted = str(args.get("cursor") or "0"), str(args.get("limit") or default)
    limit = int(wanted) if wanted.isdigit() else 0
    if not cursor.isdigit():
        raise SlackError("invalid_cursor")
    if not 0 < limit <= 1_000:
        raise SlackError("invalid_limit")
    start = int(cursor)
    rest = str(start + limit) if start + limit < len(items) else ""
    return list(items[start : start + limit]), {"next_cursor": rest}
