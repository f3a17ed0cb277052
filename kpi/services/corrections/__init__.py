"""What was stored is put right: accounts merged, owners and contacts moved, wrong rows deleted, wrong values corrected.

Each is one transaction that leaves a trace in `audit` and keeps the counts of every account's days right.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kpi.services.corrections import joining, mending
from kpi.services.corrections.words import Act, By, Done, InUse, Row, listed
from kpi.services.intake import Intake
from kpi.store.corrections.clashing import told_apart, undo
from kpi.store.intake import lock

__all__ = ["By", "Corrections", "Done", "InUse", "Row", "listed"]

_PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class Corrections:
    """Puts right what `intake` took in. With `by.dry_run` nothing is kept, and the outcome is what it would be.

    What cannot be done is a KpiError: UnknownWord for what there is not, InUse where others stand in the way, Misfilled
    for a value that cannot be taken. Nothing was changed then.
    """

    intake: Intake

    def merge(self, old: str, into: str, by: By) -> Done:
        """Everything of the account `old` belongs to `into`, whose own fields win; `old` means `into` from then on."""
        return self._do(by, lambda act: joining.merge(act, act.key(old), act.key(into)))

    def assign(self, account: str, owner: str | None, by: By) -> Done:
        """An account is looked after by another owner from now on, or by nobody."""
        return self._do(by, lambda act: joining.assign(act, act.key(account), owner and act.key(owner)))

    def handover(self, gone: str, into: str, by: By, *, people: bool = False) -> Done:
        """One owner takes over all accounts and open feedback of another; with `people` also whom they manage."""
        return self._do(by, lambda act: joining.handover(act, act.key(gone), act.key(into), people=people))

    def move(self, contact: str, account: str, by: By) -> Done:
        """A contact belongs to another account from now on."""
        return self._do(by, lambda act: joining.move(act, act.key(contact), act.key(account)))

    def delete(self, row: Row, by: By, *, everything: bool = False) -> Done:
        """Delete a wrong row; `everything`: an account, contact or survey with all that refers to it."""
        return self._do(by, lambda act: mending.delete(act, row, everything=everything))

    def correct(self, row: Row, values: Mapping[str, Any], by: By) -> Done:
        """Give a row other values, of its key too."""
        return self._do(by, lambda act: mending.correct(act, self.intake, row, values))

    def _do(self, by: By, what: Callable[[Act], Done]) -> Done:
        with told_apart(), self.intake.store.transaction() as tx:
            lock(tx, _PATIENCE_SECONDS)
            done = what(Act(tx, self.intake.zone, self.intake.now(), by.actor))
            if by.dry_run:
                undo(tx)
            return done
