"""The tables of docs/wordings.md, made from surveys.yaml: `python -m tests.wordings` writes them into the page."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.settings import load
from kpi.model import Instrument
from kpi.policy import Wording

PAGE = Path(__file__).parents[1] / "docs" / "wordings.md"
BEGIN, END = "<!-- scales: made by python -m tests.wordings -->\n", "<!-- end of scales -->"
NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "pt": "Portuguese",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "ja": "Japanese",
}


def shipped() -> Mapping[tuple[Instrument, str], Wording]:
    """The wordings of a workspace that has decided nothing."""
    with TemporaryDirectory() as empty:
        return load({}, Path(empty)).policy.surveys.wordings


def tables() -> str:
    """The questions and scales of every instrument."""
    known = shipped()
    return "\n".join(line for instrument in Instrument for line in _table(instrument, known))


def written_into(page: str) -> str:
    """The page with the tables in their place."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{tables()}\n{END}{rest.partition(END)[2]}"


def _table(instrument: Instrument, known: Mapping[tuple[Instrument, str], Wording]) -> Iterator[str]:
    low, high = instrument.scale[0], instrument.scale[-1]
    yield from (f"### {instrument.upper()}, {low} to {high}", "")
    yield from ("| language | question | scale, lowest first | version | series |", "|---|---|---|---|---|")
    for language, name in NAMES.items():
        wording = known[instrument, language]
        scale = " · ".join(wording.labels or (f"{low}: {wording.low_label}", f"{high}: {wording.high_label}"))
        yield f"| {name} | {wording.question} | {scale} | `{wording.version}` | {wording.series} |"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(written_into(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
