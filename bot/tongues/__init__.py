"""What clients read around a question, in their language: on Slack's buttons and on the web page.

One file a language. The questions themselves and their scales are the workspace's wordings (surveys.yaml).
"""

from collections.abc import Mapping

from bot.tongues.en import ENGLISH
from bot.tongues.spoken import Spoken

LANGUAGES: Mapping[str, Spoken] = {spoken.language: spoken for spoken in (ENGLISH,)}


def spoken(locale: str | None) -> Spoken:
    """The words of a language, whatever country it is spoken in; English where we have none of it."""
    return LANGUAGES.get((locale or "").split("-", maxsplit=1)[0].lower(), ENGLISH)
