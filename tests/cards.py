"""One card of every kind. `python -m tests.cards` writes them to tests/golden/cards, to be read before committing."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.blocks.choice_card import Choice, choice_card
from bot.blocks.digest import digest_card
from bot.blocks.help_card import help_card
from bot.blocks.kpi_card import Card, kpi_card
from bot.blocks.list_card import list_card
from bot.blocks.reader import Reader
from bot.blocks.share_card import share_preview, shared_card
from tests.answer_cards import answer_cards
from tests.builders import BERLIN
from tests.kpi_cards import kpi_cards, shipped
from tests.reason_cards import reason_cards
from tests.samples import CHURN, CSAT, DIGEST, EVIL, LATE, NOTHING, NPS, OPEN, WITHHELD

FOLDER = Path(__file__).parent / "golden" / "cards"
EN, DE = Reader("en", BERLIN), Reader("de", BERLIN)
KIRITIMATI = Reader("en", ZoneInfo("Pacific/Kiritimati"))
CHOICES = (
    Choice("Acme GmbH", "csat 2026-Q3 account#1"),
    Choice(EVIL, "csat 2026-Q3 account#2"),
    *(Choice(f"Acme {number}", f"csat 2026-Q3 account#{number}") for number in range(3, 9)),
    Choice("too long to be in a menu", f'csat segment "{"x" * 150}"'),
)

CARDS: dict[str, Card] = {
    "full": kpi_card(CSAT, EN, "csat 2026-Q3"),
    "full_de": kpi_card(CSAT, DE, "csat 2026-Q3"),
    "full_far_east": kpi_card(CSAT, KIRITIMATI, "csat 2026-Q3"),
    "indicative": kpi_card(NPS, EN, "nps last 90 days account#1"),
    "insufficient": kpi_card(WITHHELD, EN, "csat 2026-Q3"),
    "undefined": kpi_card(NOTHING, EN, "csat 2026-Q3"),
    "unchanged": kpi_card(CHURN, EN, "churn last 12 months"),
    "open_period": kpi_card(OPEN, EN, "csat 2026-Q4 owner#4"),
    "list": list_card(shipped().kpis.values(), EN),
    "list_de": list_card(shipped().kpis.values(), DE),
    "help": help_card((('csat "Acme GmbH" last quarter', "how satisfied Acme GmbH was"), ("nps owner#4", EVIL))),
    "help_empty": help_card(),
    "choice": choice_card(f"“{EVIL}” could be Acme GmbH or Acme Ltd. Please say which.", CHOICES[:2]),
    "choice_many": choice_card("“a” could be many. Please say which.", CHOICES),
    "share_preview": share_preview(kpi_card(CSAT, EN, "csat 2026-Q3"), "csat 2026-Q3"),
    "shared": shared_card(kpi_card(CSAT, EN, "csat 2026-Q3"), "U0ANNA"),
    "digest": digest_card(DIGEST, EN),
    "digest_de": digest_card(DIGEST, DE),
    "digest_late": digest_card(LATE, EN),
    "digest_days_late": digest_card(replace(LATE, composed_at=datetime(2026, 10, 8, 9, 42, tzinfo=UTC)), EN),
    "deprecated": kpi_card(replace(CSAT, deprecated=True), EN, "csat 2026-Q3"),
    **kpi_cards(),
    **answer_cards(),
    **reason_cards(),
}


def written(card: Any) -> str:
    """A card as its golden file holds it."""
    return json.dumps(card, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Write every card's golden file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, card in CARDS.items():
        (FOLDER / f"{name}.json").write_text(written(card), encoding="utf-8")


if __name__ == "__main__":
    main()
