"""Fold the notes that writes of facts have left, so that asking for a version stays a matter of a few rows."""

from kpi.store.facts import versions
from kpi.store.store import Store


def run(store: Store) -> None:
    """Fold what is there; twice, late or by several at once changes nothing more."""
    with store.transaction() as tx:
        versions.fold(tx)
