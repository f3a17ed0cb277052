"""Strategies for what was asked and answered: interactions, surveys and replies of one account."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import strategies as st

from tests.reference.cells import Row
from tests.reference.drawn import LATE, WAITS, Draw, Scene, cell, recorded

SCALES = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}
INSTRUMENTS = st.sampled_from(list(SCALES))
PEOPLE = 3


def campaigns(scene: Scene) -> st.SearchStrategy[list[datetime]]:
    """When all accounts are asked everything, elsewhere."""
    return st.lists(scene.instants, max_size=3)


def contacts(account: str) -> list[Row]:
    """The people of an account."""
    return [{"contact": f"{account} person {number}", "account": account} for number in range(PEOPLE)]


def people(account: str) -> st.SearchStrategy[str]:
    """One of them, or nobody in particular."""
    return st.sampled_from(["", *(row["contact"] for row in contacts(account))])


def scores(instrument: str) -> st.SearchStrategy[str]:
    """On the instrument's scale."""
    return st.integers(*SCALES[instrument]).map(str)


@st.composite
def interactions(draw: Draw, account: str, scene: Scene, owners: Sequence[str]) -> list[Row]:
    """Meetings, calls and the like."""
    return [
        {
            "interaction": f"{account} interaction {number}",
            "account": account,
            "kind": draw(st.sampled_from(["meeting", "call", "review", "email"])),
            "occurred_at": cell(occurred_at),
            "owner": draw(st.sampled_from(["", *owners])),
            "recorded_at": recorded(draw, occurred_at),
        }
        for number, occurred_at in enumerate(draw(st.lists(scene.instants, max_size=6)))
    ]


@st.composite
def surveys(draw: Draw, account: str, scene: Scene, owners: Sequence[str], about: Sequence[Row]) -> list[Row]:
    """Questions in every state; at most one of an instrument about an interaction."""
    rows = []
    asked = set()
    for number, posted_at in enumerate(draw(st.lists(scene.instants, max_size=6))):
        instrument = draw(INSTRUMENTS)
        interaction = draw(st.sampled_from(["", *(row["interaction"] for row in about)]))
        closes = draw(st.none() | st.sampled_from([timedelta(7), timedelta(0), timedelta(60)]))
        rows.append(
            {
                "survey": f"{account} survey {number}",
                "account": account,
                "interaction": "" if (interaction, instrument) in asked else interaction,
                "instrument": instrument,
                "posted_at": cell(posted_at),
                "expires_at": cell(None if closes is None else posted_at + closes),
                "state": draw(st.sampled_from(["answered", "posted", "expired"])),
                "recorded_at": recorded(draw, posted_at),
                "owner": draw(st.sampled_from(["", "", *owners])),
            }
        )
        asked.add((interaction, instrument))
    return rows


@st.composite
def replies(draw: Draw, account: str, questions: Sequence[Row], campaigns: Sequence[datetime]) -> list[Row]:
    """Answers to the questions that say they were answered, with edits, and answers to what was asked elsewhere."""
    rows: list[Row] = []
    for question in questions:
        if question["state"] == "answered":
            for person in draw(st.lists(people(account), max_size=2, unique=True)):
                rows += draw(_versions(question, person))
    for campaign in campaigns:
        rows += draw(_elsewhere(account, campaign))
    return [{"reply": f"{account} reply {number:02}", **row} for number, row in enumerate(rows)]


@st.composite
def _versions(draw: Draw, question: Row, person: str) -> list[Row]:
    """An answer and its edits, the later ones later. Whoever is not named answers once."""
    answered_at = datetime.fromisoformat(question["posted_at"])
    rows = []
    for _ in range(draw(st.integers(1, 3)) if person else 1):
        answered_at += timedelta(seconds=1) + draw(WAITS | LATE)
        rows.append(
            {
                "survey": question["survey"],
                "account": "",
                "contact": person,
                "instrument": "",
                "score": draw(scores(question["instrument"])),
                "answered_at": cell(answered_at),
                "recorded_at": recorded(draw, answered_at),
            }
        )
    return rows


@st.composite
def _elsewhere(draw: Draw, account: str, first_at: datetime) -> list[Row]:
    """People answer one after the other, a second apart, and as happy or unhappy in everything."""
    happiness = st.integers(0, 10)
    rows = []
    for number, (person, happy) in enumerate(draw(st.lists(st.tuples(people(account), happiness), max_size=6))):
        answered_at = first_at + timedelta(seconds=number)
        late = recorded(draw, answered_at)
        for instrument, (lowest, highest) in SCALES.items():
            rows.append(
                {
                    "account": account,
                    "contact": person,
                    "instrument": instrument,
                    "score": str(lowest + happy * (highest - lowest + 1) // 11),
                    "answered_at": cell(answered_at),
                    "recorded_at": late,
                }
            )
    return rows
