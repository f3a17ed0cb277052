"""What clients read around a question, in their language: on Slack's buttons and on the web page.

One file a language. The questions themselves and their scales are the workspace's wordings (surveys.yaml).
"""

from collections.abc import Mapping

from bot.tongues.de import GERMAN
from bot.tongues.en import ENGLISH
from bot.tongues.es import SPANISH
from bot.tongues.fr import FRENCH
from bot.tongues.it import ITALIAN
from bot.tongues.ja import JAPANESE
from bot.tongues.nl import DUTCH
from bot.tongues.pl import POLISH
from bot.tongues.pt import PORTUGUESE
from bot.tongues.spoken import Spoken

LANGUAGES: Mapping[str, Spoken] = {
    each.language: each for each in (ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN, DUTCH, POLISH, JAPANESE)
}


def spoken(locale: str | None) -> Spoken:
    """The words of a language, whatever country it is spoken in; English where we have none of it."""
    return LANGUAGES.get((locale or "").split("-", maxsplit=1)[0].lower(), ENGLISH)
