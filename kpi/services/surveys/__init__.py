"""The survey programme: from a logged interaction to a stored reply."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from kpi.model import Account, Actor, Contact, Message
from kpi.policy import Policy
from kpi.ports import Now, Queue
from kpi.services import deliveries
from kpi.services.people import People
from kpi.services.surveys import answering, asking, cancelling, forms, posting
from kpi.services.surveys.words import (
    Click,
    CommentForm,
    LogForm,
    Logged,
    LogRequest,
    Phrasing,
)
from kpi.store import accounts, replies
from kpi.store import surveys as rows
from kpi.store.store import Store, Tx


@dataclass(frozen=True)
class Surveys:
    """Schedules questions, has them posted, stores the answers. Also the subject of deliveries of kind `survey`."""

    store: Store
    queue: Queue
    now: Now
    policy: Policy
    people: People
    phrasing: Phrasing

    def log(self, request: LogRequest) -> Logged:
        """Store an interaction and schedule or suppress its question, in one transaction; KpiError: nothing written."""
        if request.by is not None:
            self._require_member(request.by)
        now = self.now()
        with self.store.transaction() as tx:
            logged = asking.log(tx, self.policy, request, now)
            if request.by is not None and logged.due_at is not None and not logged.duplicate:
                self._confirm(tx, request.by, logged, now)
        return logged

    def log_form(self, actor: Actor, channel_id: str | None, thread_ts: str | None) -> LogForm:
        """What the form for logging offers in this place. Refused for clients and guests."""
        self._require_member(actor)
        with self.store.transaction() as tx:
            return forms.log_form(tx, self.policy, (channel_id, thread_ts), self.now())

    def accounts_like(self, actor: Actor, search: str) -> tuple[Account, ...]:
        """Accounts to choose from, as many as a menu holds."""
        self._require_member(actor)
        with self.store.transaction() as tx:
            return accounts.listing(tx, search, forms.MENU_OPTIONS)

    def contacts_like(self, actor: Actor, account_id: int, search: str) -> tuple[Contact, ...]:
        """An account's contacts to choose from, as many as a menu holds."""
        self._require_member(actor)
        with self.store.transaction() as tx:
            return accounts.contacts(tx, account_id, search, forms.MENU_OPTIONS)

    def cancel(self, survey_id: int, by: Actor, reason: str) -> None:
        """Take back a question that was not asked yet; the reason is kept."""
        self._require_member(by)
        with self.store.transaction() as tx:
            cancelling.cancel(tx, survey_id, by, reason, self.now())

    def post_due(self, now: datetime) -> int:
        """Queue the message of every due survey, each in its own transaction; how many. Twice changes nothing.

        One that fails does not hold up the others: its failure is raised when they are done.
        """
        queued: list[int] = []
        with self.store.transaction() as tx:
            due = rows.due(tx, now)
        with ExitStack() as each:
            for survey_id in reversed(due):
                each.callback(self._post, survey_id, now, queued)
        return len(queued)

    def expire(self, now: datetime) -> int:
        """Close the surveys whose time is over; how many."""
        with self.store.transaction() as tx:
            return posting.expire(tx, self.policy, now)

    def still_wanted(self, tx: Tx, delivery: posting.Delivery) -> bool:
        """Whether a survey's message should still go."""
        return posting.wanted(tx, self.policy, delivery, self.now())

    def settled(self, tx: Tx, delivery: posting.Delivery) -> None:
        """A survey's message was sent, or never will be, or nobody can say."""
        posting.settle(tx, self.policy, delivery)

    def reply(self, click: Click) -> bool:
        """Store a client's score, committed on return; False for a bot. KpiError: nothing stored, the text says why."""
        if not answering.client_only(self.people.role(click.actor.user_id, click.actor.team_id)):
            return False
        now = self.now()
        with self.store.transaction() as tx:
            survey = answering.open_survey(tx, self.policy, click, now)
            stored = answering.store(tx, self.policy, survey, click.actor, (click.score, now))
            thanks = answering.thanks(self.policy, self.phrasing, survey, click, stored)
            if thanks is not None:
                deliveries.enqueue(tx, self.queue, thanks, now)
        return True

    def comment_form(self, token: str, actor: Actor) -> CommentForm:
        """What the form for a comment shows to someone who gave a score."""
        with self.store.transaction() as tx:
            return forms.comment_form(tx, self.policy, token, actor)

    def comment(self, token: str, actor: Actor, text: str) -> str:
        """Store what a client wrote, whole or not at all, also after the survey closed; the survey's locale."""
        comment = answering.checked_comment(text)
        with self.store.transaction() as tx:
            survey, reply = answering.own_reply(tx, token, actor, lock=True)
            replies.put_comment(tx, reply, comment, self.now())
        return str(survey["locale"])

    def _require_member(self, actor: Actor) -> None:
        self.people.require_member(actor.user_id, actor.team_id, "log interactions and manage surveys")

    def _confirm(self, tx: Tx, by: Actor, logged: Logged, now: datetime) -> None:
        key = f"logged:{logged.interaction_id}"
        message = Message("notice", "person", by.user_id, self.phrasing.logged(logged), key)
        deliveries.enqueue(tx, self.queue, message, now)

    def _post(self, survey_id: int, now: datetime, queued: list[int]) -> None:
        with self.store.transaction() as tx:
            seen = rows.get(tx, survey_id)
            if seen is not None:
                accounts.lock(tx, seen["account_id"])  # before the survey, as everybody does
            survey = rows.claim_due(tx, survey_id)
            message = posting.message(tx, self.policy, self.phrasing, survey, now) if survey else None
            added = deliveries.enqueue(tx, self.queue, message, now) if message else None
        queued.extend([] if added is None else [added])
