"""Once a night: keep what the changes came to whose month or three months are over."""

from kpi.services.impacts import Impacts


def run(impacts: Impacts) -> None:
    """Keep every result that is due; twice, late or after a crash changes nothing more."""
    impacts.finish()
