"""Once a night: publish what closed periods came to, and revise what late facts have changed."""

import structlog

from kpi.services.publishing import Publishing

log = structlog.get_logger(__name__)


def run(publishing: Publishing) -> None:
    """Twice, late or after a crash changes nothing more; what cannot be published is tried again the next night."""
    done = publishing.run()
    for problem in done.problems:
        log.warning("value_not_published", reason=problem)
