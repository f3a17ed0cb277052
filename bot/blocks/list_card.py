"""Every KPI there is, by what it is about, with a menu that asks for one."""

from collections.abc import Iterable, Mapping, Sequence

from bot.blocks.choice_card import Choice, choice_menu
from bot.blocks.kpi_card import Card
from bot.blocks.parts import escape, fitted, header, section
from bot.blocks.reader import Reader
from kpi.policy import KpiDefinition

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "What clients say": ("csat", "nps", "ces", "survey_response_rate"),
    "Who stays and buys": ("churn", "retention", "upsell_ratio", "upsell_success", "feedback_implementation"),
    "What they pay": ("grr", "revenue_churn", "nrr", "sales_growth", "clv"),
    "How we talk": ("response_time", "communication_frequency", "engagement", "engagement_score"),
}
"""As in docs/kpis."""
_REST = "Others"


def list_card(definitions: Iterable[KpiDefinition], reader: Reader) -> Card:
    """Every KPI with its question and other names, those of the reader's language among them."""
    known = list(definitions)
    blocks = [section(f"*{family}*\n{lines}") for family, lines in _families(known, reader)]
    menu = choice_menu([Choice(definition.label, definition.key) for definition in known], "Ask for one of them")
    heard = ", ".join(f"{fitted(definition.label, 80)} ({escape(definition.key)})" for definition in known)
    return {"text": f"KPIs you can ask for: {heard}", "blocks": [header("KPIs you can ask for"), *blocks, *menu]}


def _families(known: Sequence[KpiDefinition], reader: Reader) -> Iterable[tuple[str, str]]:
    listed = {key for keys in FAMILIES.values() for key in keys}
    rest = tuple(definition.key for definition in known if definition.key not in listed)
    for family, keys in {**FAMILIES, _REST: rest}.items():
        lines = [_entry(definition, reader) for definition in known if definition.key in keys]
        if lines:
            yield family, "\n".join(lines)


def _entry(definition: KpiDefinition, reader: Reader) -> str:
    own = definition.names.get(reader.language.partition("-")[0], ())
    names = ", ".join([*own, *definition.synonyms])
    also = f" _{fitted(names.replace('_', ' '), 100)}_" if names else ""
    label, question = fitted(definition.label, 60), fitted(definition.question, 120)
    return f"*{label}* `{escape(definition.key)}` – {question}{also}"
