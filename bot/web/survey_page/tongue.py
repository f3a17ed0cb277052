"""Which language to speak to somebody of whom only a browser's wishes are known."""

from bot.tongues import LANGUAGES

_MOST = 20
"""More wishes than anybody has are not looked at."""


def wished(accept_language: str) -> str | None:
    """The language wished for most of those we speak, by the header Accept-Language; None where it names none."""
    found = [_wish(part) for part in accept_language.split(",")[:_MOST]]
    spoken = [(weight, language) for weight, language in found if language in LANGUAGES and weight > 0]
    return max(spoken, key=lambda wish: wish[0])[1] if spoken else None


def _wish(part: str) -> tuple[float, str]:
    tag, _, weight = part.partition(";")
    language = tag.strip().split("-", maxsplit=1)[0].lower()
    try:
        return (float(weight.strip().removeprefix("q=")) if weight else 1.0), language
    except ValueError:
        return 0.0, language
