"""The order of locks around a survey: its account, then its messages, then itself. Whoever keeps to it waits for
nobody who waits for them."""

from kpi.store import accounts, surveys
from kpi.store.store import Record, Tx


def hold_account(tx: Tx, survey_id: int) -> None:
    """Nobody else asks, answers or counts days for a survey's account until the transaction ends."""
    seen = surveys.get(tx, survey_id)
    if seen is not None:
        accounts.lock(tx, seen["account_id"])


def hold(tx: Tx, survey_id: int) -> Record | None:
    """A survey with its account, both locked; None where there is none."""
    hold_account(tx, survey_id)
    return surveys.get(tx, survey_id, lock=True)
