"""The offer to set up an account in a channel that has none, made once to whoever brought the bot there."""

from typing import Any

from bot.blocks.parts import actions, button, section

SET_UP = "set_up_account"


def setup_offer(channel_id: str) -> dict[str, Any]:
    """The message with the button that opens the form."""
    words = (
        f"Do you work with a client in <#{channel_id}>? Set up the account, so that I can ask its people after a "
        "meeting and count it in the KPIs. If not, leave it: I ask this once."
    )
    return {"text": words, "blocks": [section(words), actions("setup", button("Set up account", SET_UP, channel_id))]}
