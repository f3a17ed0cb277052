"""What can be asked, shown with the workspace's own clients."""

from collections.abc import Iterable, Sequence

from bot.blocks.kpi_card import Card
from bot.blocks.parts import context, fitted, section

_COMMAND = "/kpi"
_VERBS = (
    ("csat", "a KPI over its usual period; `/kpi list` shows all of them"),
    ("nps 2026-Q3", "with a period: `2026-09`, `2026-W40`, `last quarter`, `this month`, `last 90 days`"),
    ("csat mine", "of your own accounts; or name an account, a segment or an owner"),
    ("csat by segment", "each segment, owner or account, the worst first"),
    ("trend csat 12m", "how it came to this, month by month"),
    ("compare csat 2026-Q2 2026-Q3", "two periods"),
    ("explain csat", "what stands behind the figure"),
    ("share csat last quarter", "show it in a channel, after a look at it"),
    ("targets", "what you aim for"),
    ('impact "new portal" 2026-05-01', "before and after a change"),
    ("why-not Acme", "why people of a client were not asked"),
    ("simulate 90 days", "whom the survey rules would have asked, and what each held back"),
    ("surveys last quarter by owner", "how asking went: who answers, who is silent, who wants no questions"),
    ("log", "log an interaction with a client"),
    ("account", "set up or change the account of this channel, or `/kpi account Acme` any other"),
)
_SMALL = (
    "Words may stand in any order. A name of several words, or one that could be a period, stands in quotes. "
    "Only you see the answers. In a channel shared with another organisation they come as a direct message."
)


def help_card(examples: Sequence[tuple[str, str]] = ()) -> Card:
    """What can be typed; `examples` are words with their meaning, made of what the workspace has."""
    own = f"*For example*\n{_lines((fitted(words, 200), fitted(meaning, 150)) for words, meaning in examples)}"
    said = [own] if examples else []
    said.append(f"*What you can ask*\n{_lines(_VERBS)}")
    return {"text": "\n".join(said), "blocks": [*map(section, said), context(_SMALL)]}


def _lines(asked: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"`{_COMMAND} {words}` – {meaning}" for words, meaning in asked)
