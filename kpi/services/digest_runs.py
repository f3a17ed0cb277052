"""What the fate of a digest's delivery means in the ledger."""

from dataclasses import dataclass

from kpi.ports import Now
from kpi.services.deliveries import Delivery
from kpi.store import digests as rows
from kpi.store.store import Tx

_STATES = {"sent": "posted", "unknown": "unknown", "dead": "dead"}


@dataclass(frozen=True, slots=True)
class DigestRuns:
    """The `Subject` of deliveries of the kind digest."""

    now: Now

    def still_wanted(self, tx: Tx, delivery: Delivery) -> bool:
        """Not when the subscription was ended meanwhile; the ledger then says so. A resend is a human's wish."""
        run = rows.run_of(tx, delivery["delivery_id"])
        if run is None or rows.is_on(tx, run["subscription_id"]):
            return True
        rows.change_run(tx, delivery["delivery_id"], {"state": "skipped", "reason": "the subscription was ended"})
        return False

    def settled(self, tx: Tx, delivery: Delivery) -> None:
        """Posted, unknown or dead; a resend takes the place of the delivery it repeats."""
        values = {"state": _STATES[delivery["state"]], "reason": delivery["error"]}
        if delivery["state"] == "sent":
            values["posted_at"] = self.now()
        if delivery["resend_of"] is not None:
            rows.change_run(tx, delivery["resend_of"], {"delivery_id": delivery["delivery_id"]})
        rows.change_run(tx, delivery["delivery_id"], values)
