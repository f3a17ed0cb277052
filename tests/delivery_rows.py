"""Looking at deliveries by their ids."""

from kpi.store import deliveries as rows
from kpi.store.store import Record, Store


class DeliveryRows:
    """For what has a `store`: a delivery's row, and its state."""

    store: Store

    def row(self, delivery_id: int) -> Record:
        """All of one."""
        with self.store.transaction() as tx:
            found = rows.get(tx, delivery_id)
        assert found is not None
        return found

    def state(self, delivery_id: int) -> str:
        """What has become of one."""
        return str(self.row(delivery_id)["state"])
