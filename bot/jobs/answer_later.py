"""Answer what takes longer than an ack may take, as a direct message."""

from bot.desk.counter import Counter
from kpi.model import Actor


def run(counter: Counter, user_id: str, team_id: str, words: str, occasion: str) -> None:
    """Answer once, however often the job runs: the occasion names the message."""
    counter.answer_later(Actor(user_id, team_id), words, occasion)
