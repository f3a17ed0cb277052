"""What a human reads when a message of ours failed, with the one press that sends it again."""

from collections.abc import Mapping
from typing import Any

from bot.blocks.parts import actions, button, escape, section

RESEND = "resend_delivery"
_WHAT = {
    "survey": "A survey for",
    "reminder": "A survey's reminder for",
    "invitation": "The link to a survey for",
    "digest": "A digest for",
    "alert": "An alert for",
    "share": "An answer for",
    "picture": "A picture for",
}
WHY = {
    "not_in_channel": "the bot is not in the channel; invite it there first",
    "channel_not_found": "the channel does not exist any more, or the bot cannot see it",
    "is_archived": "the channel is archived",
    "account_inactive": "the bot's installation was switched off",
    "token_revoked": "the bot's token was revoked",
    "missing_scope": "the Slack app lacks a permission; create it anew from manifest.yaml",
    "invalid_auth": "Slack does not accept the bot's token",
}
"""What Slack's words for a failure mean."""


def failed_delivery(delivery: Mapping[str, Any]) -> dict[str, Any]:
    """A message about a delivery that became unknown (nobody can say whether it arrived) or dead (it never will)."""
    what = f"{_WHAT.get(delivery['kind'], 'A message for')} {_place(delivery['channel_id'])}"
    if delivery["state"] == "unknown":
        text = (
            f"{what} may or may not have arrived: Slack did not confirm it. Look there first; it is not sent again "
            "by itself, so that nobody is asked twice."
        )
    else:
        error = delivery["error"] or "no reason was given"
        text = f"{what} was not posted: {escape(WHY.get(error, error))}."
    resend = button("Send it again", RESEND, str(delivery["delivery_id"]))
    return {"text": text, "blocks": [section(text), actions("resend", resend)]}


def _place(where: str) -> str:
    """A channel, a person, or an address of mail, as Slack shows it."""
    if "@" in where:
        return escape(where)
    return f"<@{where}>" if where[:1] in "UW" else f"<#{where}>"
