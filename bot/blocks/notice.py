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
_OURS = "Slack does not take it in this form, which is a fault of ours; please report it"
_NOT_LET_IN = "Slack does not accept the bot's token; see docs/slack-setup.md for a new one"
WHY = {
    "not_in_channel": "the bot is not in the channel; invite it there first",
    "channel_not_found": "the channel does not exist any more, or the bot cannot see it",
    "is_archived": "the channel is archived",
    "restricted_action": "a rule of the workspace keeps the bot from posting there; ask an admin of Slack",
    "restricted_action_read_only_channel": "only some may post in that channel; let the bot be one of them",
    "restricted_action_thread_only_channel": "only threads may be written in there; choose another channel",
    "user_not_in_channel": "the person is not in the channel any more",
    "user_not_found": "Slack does not know the person any more",
    "messages_tab_disabled": "the app takes no direct messages; switch on its Messages Tab in App Home",
    "cannot_dm_bot": "it was for a bot, and bots get no direct messages",
    "account_inactive": "the bot's installation was switched off",
    "token_revoked": "the bot's token was revoked",
    "token_expired": _NOT_LET_IN,
    "invalid_auth": _NOT_LET_IN,
    "not_authed": _NOT_LET_IN,
    "org_login_required": "the organisation is being moved to Enterprise Grid; try again when that is done",
    "ekm_access_denied": "the organisation has withdrawn the key to its messages; ask an admin of Slack",
    "team_access_not_granted": "the app may not work in that workspace; ask an admin of Slack",
    "missing_scope": "the Slack app lacks a permission; create it anew from manifest.yaml",
    "invalid_blocks": _OURS,
    "msg_too_long": _OURS,
    "msg_blocks_too_long": _OURS,
    "no_mail_server": "there is no mail server any more; set KPIBOT_SMTP_URL",
    "invalid_address": "the contact's address is none; put it right with /kpi account or an import",
    "invalid_link": "links do not work now; look at KPIBOT_PUBLIC_URL and KPIBOT_SECRET_KEY",
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
