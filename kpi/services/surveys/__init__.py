"""The survey programme: from a logged interaction, or the calendar, to a stored reply."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from secrets import SystemRandom

from kpi.errors import KpiError, UnknownWord
from kpi.model import Account, Actor, Contact, Message
from kpi.policy import Policy
from kpi.ports import Now, Queue
from kpi.services import deliveries
from kpi.services.people import People
from kpi.services.surveys import answering, asking, cancelling, fates, following_up, forms, held, opting, planning
from kpi.services.surveys.asking import Asking
from kpi.services.surveys.holding import hold_account
from kpi.services.surveys.one_by_one import one_by_one
from kpi.services.surveys.opting import Wish
from kpi.services.surveys.posting import Poster
from kpi.services.surveys.rules import Chance, Rules
from kpi.services.surveys.strangers import Strangers
from kpi.services.surveys.talking import instant_of
from kpi.services.surveys.words import (
    Click,
    CommentForm,
    LogForm,
    Logged,
    LogRequest,
    Phrasing,
    Said,
    Ways,
)
from kpi.store import accounts, interactions, talk
from kpi.store import surveys as rows
from kpi.store import turns as rounds
from kpi.store.store import Store, Tx

REOPENED = "the interaction was reopened"


@dataclass(frozen=True)
class Surveys:
    """Schedules questions, has them posted, stores the answers. Also the subject of their deliveries."""

    store: Store
    queue: Queue
    now: Now
    policy: Policy
    people: People
    phrasing: Phrasing
    ways: Ways = field(default_factory=Ways)
    chance: Chance = SystemRandom().random

    @property
    def asking(self) -> Asking:
        """What decides whom to ask."""
        return Asking(self.policy, Rules(self.policy.surveys, self.policy.workspace.timezone, self.chance), self.ways)

    @property
    def poster(self) -> Poster:
        """What turns due surveys into messages."""
        return Poster(self.asking, self.phrasing)

    @property
    def strangers(self) -> Strangers:
        """What becomes of answers of people nobody knows."""
        return Strangers(self.store, self.now, self.policy, self.people)

    def log(self, request: LogRequest) -> Logged:
        """Store an interaction and schedule or suppress its question, in one transaction; KpiError: nothing written."""
        if request.by is not None:
            self._require_member(request.by)
        now = self.now()
        with self.store.transaction() as tx:
            logged = asking.log(tx, self.asking, request, now)
            if request.by is not None and logged.due_at is not None and not logged.duplicate:
                self._confirm(tx, request.by, logged, now)
        return logged

    def reopen(self, source: str, external_id: str) -> bool:
        """An interaction is not over after all: a question about it that was not asked yet is cancelled.

        Whether that changed anything. KpiError: there is no such interaction.
        """
        asking.require_storable(source, external_id)
        now = self.now()
        with self.store.transaction() as tx:
            row = interactions.of_source(tx, source, external_id)
            if row is None:
                raise UnknownWord(f"{source} gave no interaction “{external_id}”; nothing was changed.")
            interactions.reopen(tx, row["interaction_id"], now)
            cancelling.withdraw(tx, row["interaction_id"], REOPENED, now)
        return row["reopened_at"] is None

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

    def talked(self, channel_id: str, ts: str, thread_ts: str | None) -> None:
        """Somebody wrote in a channel, in its thread where one is named; noted where it is an account's."""
        at = instant_of(ts, self.now())
        with self.store.transaction() as tx:
            if at is not None and accounts.in_channel(tx, channel_id):
                talk.note(tx, channel_id, thread_ts, at)

    def plan(self, now: datetime) -> int:
        """Write down whose turn it is by the calendar in the days ahead, account by account; how many questions."""
        if not any(programme.is_relational for programme in self.policy.surveys.programmes):
            return 0
        with self.store.transaction() as tx:
            clients = rounds.accounts_with_contacts(tx, now.astimezone(self.policy.workspace.timezone).date())
        planned: list[int] = []

        def plan_one(account_id: int) -> None:
            with self.store.transaction() as tx:
                planned.append(planning.plan(tx, self.asking, account_id, now))

        one_by_one(plan_one, clients)
        return sum(planned)

    def post_due(self, now: datetime) -> int:
        """Queue the message of every due survey, each in its own transaction; how many. Twice changes nothing.

        One that fails does not hold up the others: its failure is raised when they are done.
        """
        queued: list[int] = []
        with self.store.transaction() as tx:
            due = rows.due(tx, now)
        one_by_one(lambda survey_id: self._post(survey_id, now, queued), due)
        return len(queued)

    def follow_up(self, now: datetime) -> int:
        """Queue the reminders and links that unanswered questions want; how many."""
        queued: list[int] = []
        with self.store.transaction() as tx:
            due = following_up.due(tx, self.policy.surveys.programmes, now)
        one_by_one(lambda survey_id: self._follow_up(survey_id, now, queued), due)
        return len(queued)

    def expire(self, now: datetime) -> int:
        """Close the surveys whose time is over; how many."""
        with self.store.transaction() as tx:
            return fates.expire(tx, self.policy, now)

    def still_wanted(self, tx: Tx, delivery: fates.Delivery) -> bool:
        """Whether a survey's message should still go."""
        return fates.wanted(tx, self.policy, delivery, self.now())

    def settled(self, tx: Tx, delivery: fates.Delivery) -> None:
        """A survey's message was sent, or never will be, or nobody can say; where its place is closed, the next is
        tried."""
        message = self.poster.elsewhere(tx, delivery) if delivery["state"] == "dead" else None
        if message is None:
            fates.settle(tx, self.policy, delivery)
        else:
            deliveries.enqueue(tx, self.queue, message, self.now())

    def reply(self, click: Click) -> bool:
        """Store a client's score, committed on return; False for a bot. KpiError: nothing stored, the text says why."""
        if not answering.client_only(self.people.role(click.actor.user_id, click.actor.team_id)):
            return False
        now = self.now()
        with self.store.transaction() as tx:
            survey = answering.locked(tx, self.policy, click, now)
            whose = answering.respondent_of(tx, survey, click.actor, self._vouched(click.actor), self.ways.secrets)
            said = (Said(score=click.score), now)
            if whose is None:
                row, is_new = held.put(tx, self.policy, survey, click.actor, said)
                occasion = f"held:{row['held_id']}:{row['edited_at'].timestamp()}" if is_new else None
                self._say(tx, held.introduce(tx, self.phrasing, self.ways, survey, click.actor), now)
            else:
                stored = answering.put(tx, self.policy, survey, whose, said)
                occasion = f"{stored.row['reply_id']}:{stored.revision}" if stored.revision is not None else None
            if occasion is not None:
                self._say(tx, answering.thanks(self.policy, self.phrasing, survey, click, occasion), now)
        return True

    def comment_form(self, token: str, actor: Actor) -> CommentForm:
        """What the form for a comment shows to someone who gave a score."""
        with self.store.transaction() as tx:
            return forms.comment_form(tx, self.asking, token, (actor, self._vouched(actor)))

    def comment(self, token: str, actor: Actor, text: str, tags: Iterable[str] = ()) -> str:
        """Store what a client wrote and ticked, whole or not at all; the survey's locale."""
        said = Said(comment=answering.checked_comment(text), tags=tuple(tags), clears_comment=True)
        now = self.now()
        with self.store.transaction() as tx:
            survey = answering.spoken_of(tx, token)
            answering.require_tags(self.policy, survey, said)
            whose = answering.respondent_of(tx, survey, actor, self._vouched(actor), self.ways.secrets)
            if whose is None:
                row, _ = held.put(tx, self.policy, survey, actor, (said, now))
            else:
                row = answering.put(tx, self.policy, survey, whose, (said, now)).row
            answering.require_words(row, said)
        return str(survey["locale"])

    def wish(self, token: str, actor: Actor, wish: Wish) -> str:
        """Heed what a person wants of us from now on; the locale of the survey they said it below."""
        if not answering.client_only(self.people.role(actor.user_id, actor.team_id)):
            raise KpiError(answering.NOT_OURS)
        with self.store.transaction() as tx:
            survey = answering.spoken_of(tx, token)
            contact = answering.made_contact(tx, survey, actor)
            opting.heed(tx, self.policy, (survey, contact), wish, self.now())
        return str(survey["locale"])

    def _vouched(self, actor: Actor) -> str:
        """The organisation whose other people vouch for this one."""
        return self.people.organisation(actor.user_id, actor.team_id)

    def _require_member(self, actor: Actor) -> None:
        self.people.require_member(actor.user_id, actor.team_id, "log interactions and manage surveys")

    def _confirm(self, tx: Tx, by: Actor, logged: Logged, now: datetime) -> None:
        key = f"logged:{logged.interaction_id}"
        self._say(tx, Message("notice", "person", by.user_id, self.phrasing.logged(logged), key), now)

    def _say(self, tx: Tx, message: Message | None, now: datetime) -> None:
        if message is not None:
            deliveries.enqueue(tx, self.queue, message, now)

    def _post(self, survey_id: int, now: datetime, queued: list[int]) -> None:
        with self.store.transaction() as tx:
            hold_account(tx, survey_id)
            survey = rows.claim_due(tx, survey_id)
            message = self.poster.message(tx, survey, now) if survey else None
            added = deliveries.enqueue(tx, self.queue, message, now) if message else None
        queued.extend([] if added is None else [added])

    def _follow_up(self, survey_id: int, now: datetime, queued: list[int]) -> None:
        with self.store.transaction() as tx:
            hold_account(tx, survey_id)
            message = following_up.message(tx, self.poster, survey_id, now)
            added = deliveries.enqueue(tx, self.queue, message, now) if message else None
        queued.extend([] if added is None else [added])
