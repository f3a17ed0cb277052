"""People nobody knows who answered: our people say who they are, and then their answers count, or never do."""

from dataclasses import dataclass
from datetime import datetime

from kpi.model import Actor
from kpi.policy import Policy
from kpi.ports import Now
from kpi.services.people import People
from kpi.services.surveys import held
from kpi.services.surveys.one_by_one import one_by_one
from kpi.store import accounts
from kpi.store import held as rows
from kpi.store.store import Store


@dataclass(frozen=True)
class Strangers:
    """Maps strangers to contacts. Refused for clients and guests."""

    store: Store
    now: Now
    policy: Policy
    people: People

    def map(self, place: tuple[int, str, str], contact_id: int, by: Actor) -> int:
        """A stranger (account, user, organisation) is this contact: their answers count; how many."""
        self._require_member(by)
        account_id, user_id, team_id = place
        now = self.now()
        with self.store.transaction() as tx:
            accounts.lock(tx, account_id)
            held.require_contact(tx, account_id, contact_id, user_id)
            held.become(tx, contact_id, (user_id, team_id), by, now)
            return held.mapped(tx, self.policy, account_id, Actor(user_id, team_id), now)

    def count_newcomer(self, account_id: int, user_id: str) -> int:
        """Count what somebody said before they became a contact of an account; how many answers that are in all,
        whether they are counted only now or a tick was quicker."""
        now = self.now()
        with self.store.transaction() as tx:
            accounts.lock(tx, account_id)
            held.mapped(tx, self.policy, account_id, Actor(user_id, ""), now)
            return rows.counted(tx, account_id, user_id)

    def discard(self, account_id: int, user_id: str, by: Actor) -> int:
        """A stranger is no client of the account: their answers count nowhere; how many."""
        self._require_member(by)
        with self.store.transaction() as tx:
            accounts.lock(tx, account_id)
            return held.discard(tx, account_id, user_id, by, self.now())

    def count_known(self, now: datetime) -> int:
        """Count the answers of people who have become known since they gave them; how many."""
        with self.store.transaction() as tx:
            found = rows.known_by_now(tx)
        counted: list[int] = []

        def count_one(known: tuple[int, Actor]) -> None:
            account_id, someone = known
            with self.store.transaction() as tx:
                if accounts.lock(tx, account_id):
                    counted.append(held.mapped(tx, self.policy, account_id, someone, now))

        one_by_one(count_one, found)
        return sum(counted)

    def _require_member(self, by: Actor) -> None:
        self.people.require_member(by.user_id, by.team_id, "say who somebody is")
