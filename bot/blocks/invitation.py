"""The question behind a link: what an account manager copies, and what an e-mail says."""

import re
from typing import Any

from bot.blocks.parts import context, fitted, section
from bot.tongues import spoken
from kpi.services.surveys.words import Invitation

NAME_CHARS, TEXT_CHARS = 150, 2800
_FIELD = re.compile(r"\{(name|question|link)\}")


def handed_over(asked: Invitation) -> dict[str, Any]:
    """The message to whoever looks after the account, with the words to pass on."""
    who = fitted(asked.contact.name or "their contact", NAME_CHARS)
    words = (
        f"*{who}* of *{fitted(asked.account.name, NAME_CHARS)}* has not answered in Slack, or cannot be asked there."
    )
    copy = f"```{fitted(_text(asked).replace('`', '´'), TEXT_CHARS)}```"
    note = (
        "Please pass this on in your own message. The link is theirs alone, and answers once however often it is used."
    )
    return {"text": words, "blocks": [section(words), section(copy), context(note)]}


def mail(asked: Invitation) -> dict[str, Any]:
    """The e-mail to the contact."""
    return {"subject": spoken(asked.locale).subject, "text": _text(asked), "link": asked.link}


def _text(asked: Invitation) -> str:
    """The words with their fields filled in, once: what stands in a name is no field."""
    filled = {"name": asked.contact.name, "question": asked.wording.question, "link": asked.link}
    return _FIELD.sub(lambda field: filled[field[1]], spoken(asked.locale).invitation)
