"""The operator's page has a word for everything that may stand in a log or beside a message that failed."""

import re

from bot.blocks.notice import WHY
from bot.jobs.deliver import BLOCKS_REFUSED, MAY_BE_SHARED
from bot.slack_call import AMBIGUOUS, REFUSED_TOKENS, TRANSIENT
from tests.bots import ROOT

EVENT = re.compile(r'\blog\.(?:warning|error|info|exception)\(\s*"(\w+)"|_logged\("(\w+)"')
PAGE = (ROOT / "docs/operate.md").read_text()


def test_every_reason_of_a_failed_message_stands_on_the_page() -> None:
    reasons = {*WHY, *BLOCKS_REFUSED, *AMBIGUOUS, *TRANSIENT, *REFUSED_TOKENS, MAY_BE_SHARED[:60]}
    assert sorted(reason for reason in reasons if reason not in PAGE) == []


def test_every_refusal_of_a_token_has_words_for_a_person() -> None:
    assert set(WHY) >= REFUSED_TOKENS


def test_every_event_of_the_log_stands_on_the_page() -> None:
    sources = [file.read_text() for folder in ("bot", "kpi") for file in (ROOT / folder).rglob("*.py")]
    events = {name for source in sources for names in EVENT.findall(source) for name in names if name}
    assert len(events) > 20
    assert sorted(event for event in events if f"`{event}`" not in PAGE) == []
