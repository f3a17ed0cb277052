"""What a token may do depends on the kind of a conversation, too."""

from collections.abc import Iterable

from sandbox.errors import SlackError
from sandbox.slack import Slack
from sandbox.world import Channel

READS = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read", "mpim": "mpim:read"}
OPENS = {"im": "im:write", "mpim": "mpim:write"}


def kind_of(channel: Channel) -> str:
    """What `types` calls the conversation."""
    if channel.is_im:
        return "im"
    if channel.is_mpim:
        return "mpim"
    return "private_channel" if channel.is_private else "public_channel"


def is_granted(slack: Slack, scope: str) -> bool:
    """Whether the app was installed with the scope."""
    return slack.config.scopes is None or scope in slack.config.scopes


def require(slack: Slack, scopes: Iterable[str]) -> None:
    """SlackError `missing_scope` naming those that were not granted."""
    if missing := [scope for scope in scopes if not is_granted(slack, scope)]:
        provided = ",".join(sorted(slack.config.scopes or ()))
        raise SlackError("missing_scope", needed=",".join(sorted(missing)), provided=provided)
