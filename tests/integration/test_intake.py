"""Rows come in whole or not at all, once however often they come, and beside what people do meanwhile."""

from datetime import date

import pytest
from sqlalchemy import func, insert, select

from kpi.records.catalog import ENTITIES
from kpi.services.intake import Mode
from kpi.store import tables
from kpi.store.store import Store
from tests.sheets import ACME, BETA, EXAMPLES, Pages, counts, days, fill, intake, put, stored, told


@pytest.fixture
def filled(tenant: Store) -> Store:
    return fill(tenant)


def test_every_entitys_example_row_is_taken_and_says_nothing_new_the_second_time(filled: Store) -> None:
    before = stored(filled)
    for entity in ENTITIES:
        assert counts(put(filled, entity.name, EXAMPLES[entity.name])) == (0, 0, 1, 0), entity.name
    assert stored(filled) == before


CHANGES = {
    "owners": {"name": "Anna Stein"},
    "accounts": {"segment": "mid-market"},
    "terms": {"ends_on": "2026-12-31", "notice_on": "2026-10-01", "reason": "price"},
    "contacts": {"language": "de"},
    "revenue": {"amount": "5000"},
    "offers": {"outcome": "lost"},
    "feedback": {"implemented_at": "2026-09-01T12:00:00Z"},
    "messages": {"from_us": "9"},
    "usage": {"value": "18.5"},
    "episodes": {"first_response_at": ""},
    "interactions": {"kind": "call"},
    "surveys": {"state": "expired"},
    "replies": {"score": "4"},
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_row_that_says_something_else_changes_the_stored_one(filled: Store, name: str) -> None:
    assert counts(put(filled, name, {**EXAMPLES[name], **CHANGES[name]})) == (0, 1, 0, 0)
    assert counts(put(filled, name, {**EXAMPLES[name], **CHANGES[name]})) == (0, 0, 1, 0)


def test_a_column_that_does_not_come_stays_as_it_is_and_an_empty_cell_empties_it(filled: Store) -> None:
    put(filled, "accounts", {"account": "acme", "name": "ACME Ltd", "plan": ""})
    with filled.transaction() as tx:
        row = tx.rows(select(tables.account).where(tx.mine(tables.account)))[0]
    assert (row["segment"], row["plan"], row["channel_id"]) == ("enterprise", None, "C0ACME")


def test_a_reply_that_comes_with_its_score_only_keeps_everything_else(filled: Store) -> None:
    row = {name: EXAMPLES["replies"][name] for name in ("reply", "survey", "answered_at", "account", "instrument")}
    assert counts(put(filled, "replies", {**row, "score": "2"})) == (0, 1, 0, 0)
    with filled.transaction() as tx:
        reply = tx.rows(select(tables.reply).where(tx.mine(tables.reply)))[0]
    assert (reply["score"], reply["comment"], reply["contact_id"] is None) == (2, "Quick and clear, thank you.", False)


def test_a_day_knows_its_interactions_answers_and_messages(filled: Store) -> None:
    assert days(filled) == {date(2026, 9, 1): (1, 1, 1, None, None), date(2026, 9, 2): (0, 0, 0, 4, 3)}


def test_an_interaction_moved_to_another_day_and_kind_is_counted_there_only(filled: Store) -> None:
    moved = {**EXAMPLES["interactions"], "occurred_at": "2026-09-05T00:30:00+02:00", "kind": "call"}
    put(filled, "interactions", moved)
    assert days(filled)[date(2026, 9, 5)] == (1, 0, 0, None, None)
    assert days(filled)[date(2026, 9, 1)] == (0, 0, 1, None, None)


def test_a_day_is_the_workspaces_day(tenant: Store) -> None:
    put(tenant, "accounts", ACME)
    late = {"interaction": "i", "account": "acme", "kind": "call", "occurred_at": "2026-06-30T22:30:00Z"}
    put(tenant, "interactions", late)
    assert days(tenant) == {date(2026, 7, 1): (1, 0, 0, None, None)}


ANSWER = {"survey": "survey-1", "account": "acme", "contact": "carla", "instrument": "csat"}


def test_rows_with_the_same_survey_and_contact_are_one_answer_with_its_last_score(filled: Store) -> None:
    later = {**ANSWER, "reply": "reply-2", "score": "2", "comment": "", "answered_at": "2026-09-03T10:00:00Z"}
    assert counts(put(filled, "replies", later)) == (1, 0, 0, 0)
    with filled.transaction() as tx:
        (reply,) = tx.rows(select(tables.reply).where(tx.mine(tables.reply)))
        edits = tx.value(select(func.count()).select_from(tables.reply_edit).where(tx.mine(tables.reply_edit)))
    assert (reply["score"], reply["answered_at"].date(), edits) == (2, date(2026, 9, 1), 2)
    assert reply["comment"] == "Quick and clear, thank you."
    assert [day for day, told in days(filled).items() if told[2]] == [date(2026, 9, 1)]


def test_an_earlier_version_that_comes_later_moves_the_answer_to_its_first_day(filled: Store) -> None:
    first = {**ANSWER, "reply": "reply-0", "score": "1", "answered_at": "2026-08-31T10:00:00Z"}
    put(filled, "replies", first)
    with filled.transaction() as tx:
        (reply,) = tx.rows(select(tables.reply).where(tx.mine(tables.reply)))
    assert (reply["score"], reply["answered_at"].date()) == (5, date(2026, 8, 31))
    assert [day for day, told in days(filled).items() if told[2]] == [date(2026, 8, 31)]


def test_an_answer_that_turns_out_to_belong_to_another_survey_leaves_the_first(filled: Store) -> None:
    put(filled, "surveys", {**EXAMPLES["surveys"], "survey": "survey-2", "interaction": ""})
    put(filled, "replies", {**EXAMPLES["replies"], "survey": "survey-2"})
    with filled.transaction() as tx:
        about = select(tables.survey.c.key).join(tables.reply, tables.reply.c.survey_id == tables.survey.c.survey_id)
        assert [row["key"] for row in tx.rows(about.where(tx.mine(tables.reply)))] == ["survey-2"]


def test_answers_without_a_survey_are_one_each(filled: Store) -> None:
    alone = {"account": "acme", "contact": "carla", "instrument": "nps", "score": "9", "survey": ""}
    rows = [{**alone, "reply": key, "answered_at": "2026-09-09T10:00:00Z"} for key in ("a", "b")]
    assert counts(put(filled, "replies", *rows)) == (2, 0, 0, 0)
    assert days(filled)[date(2026, 9, 9)][2] == 2


def test_a_reply_takes_what_it_leaves_out_from_its_survey(filled: Store) -> None:
    bare = {"reply": "reply-3", "survey": "survey-1", "score": "3", "answered_at": "2026-09-04T10:00:00Z"}
    assert counts(put(filled, "replies", bare)) == (1, 0, 0, 0)
    with filled.transaction() as tx:
        given = tx.rows(select(tables.reply).where(tx.mine(tables.reply), tables.reply.c.respondent == "row:reply-3"))
    assert (given[0]["instrument"], given[0]["interaction_id"] is None, given[0]["owner_id"] is None) == (
        "csat",
        False,
        False,
    )


WRONG = [
    ("terms", {"account": "nobody"}, "account", "there is no account “nobody”; expected one among the accounts that"),
    ("accounts", {"owner": "bo"}, "owner", "there is no owner “bo”; expected one among the owners that came before"),
    ("owners", {"owner": "bo", "manager": "max"}, "manager", "there is no owner “max”"),
    ("owners", {"owner": "bo", "manager": "bo"}, "manager", "nobody reports to themselves"),
    ("owners", {"owner": "bo"}, "slack_user_id", "“U0ANNA” is already the Slack user of another owner"),
    ("terms", {"ends_on": "2024-03-01"}, "ends_on", "the first day without service must come after starts_on"),
    ("terms", {"ends_on": "2025-03-01", "notice_on": "2025-03-02"}, "ends_on", "the end cannot come before the notice"),
    ("contacts", {"contact": "cy"}, "slack_user_id", "“U0CARLA” is already another contact of “acme”"),
    ("revenue", {"amount": "10.005"}, "amount", "“10.005” has more decimals than EUR has"),
    ("revenue", {"amount": "10.5", "currency": "JPY"}, "amount", "“10.5” has more decimals than JPY has"),
    ("revenue", {"kind": "project"}, "ends_on", "a project needs its ends_on"),
    ("offers", {"outcome": "open"}, "decided_on", "an offer won or lost has the day of its decision"),
    ("offers", {"decided_on": "2026-08-01"}, "decided_on", "an offer cannot be decided before it was made"),
    ("feedback", {"contact": "otto"}, "contact", "“otto” is a contact of another account than “acme”"),
    ("feedback", {"implemented_at": "2026-08-01"}, "implemented_at", "it cannot be done before it came"),
    ("episodes", {"first_response_at": "2026-09-02T09:11:59+02:00"}, "first_response_at", "an answer cannot come be"),
    ("interactions", {"contact": "otto"}, "contact", "“otto” is a contact of another account"),
    ("surveys", {"survey": "s", "contact": "otto"}, "contact", "“otto” is a contact of another account"),
    ("surveys", {"survey": "s"}, "interaction", "another survey asks csat about “interaction-1” already"),
    ("replies", {"score": "6"}, "score", "outside the scale; there are csat 1 to 5, nps 0 to 10, ces 1 to 7"),
    ("replies", {"score": "6", "instrument": ""}, "score", "“6” is outside the scale of csat"),
    ("replies", {"instrument": "nps"}, "instrument", "the survey “survey-1” asked another question than nps"),
    ("replies", {"account": "beta", "contact": ""}, "account", "the survey “survey-1” was about another account"),
    ("replies", {"survey": "", "account": ""}, "account", "needed where there is no survey"),
    ("messages", {"from_us": "-1"}, "from_us", "“-1” cannot be taken; expected a whole number from 0"),
    ("usage", {"value": "nan"}, "value", "“nan” cannot be taken; expected a number"),
]


@pytest.mark.parametrize(("name", "change", "column", "sentence"), WRONG)
def test_a_row_that_cannot_be_is_refused_in_one_sentence_and_changes_nothing(
    filled: Store, name: str, change: dict[str, str], column: str, sentence: str
) -> None:
    put(filled, "accounts", BETA)
    put(filled, "contacts", {"contact": "otto", "account": "beta"})
    before = stored(filled)
    taken = put(filled, name, {**EXAMPLES[name], **change})
    assert counts(taken) == (0, 0, 0, 1)
    assert taken.flaws[0].column == column
    assert taken.flaws[0].text.startswith(sentence)
    assert stored(filled) == before


def test_managers_may_be_among_the_same_rows_in_any_order(tenant: Store) -> None:
    rows = [{"owner": "anna", "name": "Anna", "manager": "max"}, {"owner": "max", "name": "Max", "manager": ""}]
    assert counts(put(tenant, "owners", *rows)) == (2, 0, 0, 0)
    assert counts(put(tenant, "owners", *rows)) == (0, 0, 2, 0)
    assert counts(put(tenant, "owners", {**rows[1], "manager": "anna"})) == (0, 1, 0, 0)


def test_amounts_without_a_currency_are_in_the_accounts_else_in_the_workspaces(tenant: Store) -> None:
    put(tenant, "accounts", {**ACME, "currency": "JPY"}, {**BETA, "currency": ""})
    row = {"starts_on": "2026-01-01", "ends_on": "", "amount": "1200"}
    put(tenant, "revenue", {**row, "account": "acme"}, {**row, "account": "beta"})
    with tenant.transaction() as tx:
        rows = tx.rows(select(tables.revenue).where(tx.mine(tables.revenue)).order_by(tables.revenue.c.currency))
    assert [(row["currency"], row["amount_minor"]) for row in rows] == [("EUR", 120_000), ("JPY", 1_200)]


def test_two_projects_from_the_same_day_are_told_apart_by_name(tenant: Store) -> None:
    put(tenant, "accounts", ACME)
    project = {"account": "acme", "starts_on": "2026-01-01", "ends_on": "2026-02-01", "kind": "project"}
    rows = [{**project, "amount": "1", "revenue": name} for name in ("site", "shop")]
    assert counts(put(tenant, "revenue", *rows)) == (2, 0, 0, 0)


def test_a_key_that_comes_twice_with_different_rows_is_taken_from_neither(tenant: Store) -> None:
    rows = [ACME, {**ACME, "name": "Acme AG"}, BETA]
    taken = intake(tenant).take([Pages("accounts", rows)], Mode(keep_good=True))[0]
    assert counts(taken) == (1, 0, 0, 2)
    assert told(taken) == [
        (2, "account", "the same account as line 3; expected each once"),
        (3, "account", "the same account as line 2; expected each once"),
    ]


def test_of_a_row_that_comes_twice_alike_the_first_is_taken(tenant: Store) -> None:
    taken = intake(tenant).take([Pages("accounts", [ACME, BETA, ACME, ACME])], Mode(keep_good=True))[0]
    assert counts(taken) == (2, 0, 0, 2)
    assert [line for line, *_ in told(taken)] == [4, 5]


def test_someone_met_in_slack_gets_the_key_the_file_knows_them_by(tenant: Store) -> None:
    put(tenant, "accounts", ACME)
    met = {"contact": "slack:1:T0ACME:U0CARLA", "account": "acme", "slack_user_id": "U0CARLA"}
    put(tenant, "contacts", met)
    assert counts(put(tenant, "contacts", EXAMPLES["contacts"])) == (0, 1, 0, 0)
    call = {"interaction": "i", "account": "acme", "kind": "call", "occurred_at": "2026-09-01T10:00:00Z"}
    assert counts(put(tenant, "interactions", {**call, "contact": met["contact"]})) == (1, 0, 0, 0)


def test_the_key_of_an_account_that_was_merged_means_the_other_one(filled: Store) -> None:
    with filled.transaction() as tx:
        account_id = tx.value(select(tables.account.c.account_id).where(tx.mine(tables.account)))
        values = {"workspace_id": filled.workspace_id, "key": "old", "account_id": account_id}
        tx.run(insert(tables.account_alias).values(values))
    assert counts(put(filled, "accounts", {"account": "old", "name": "Old name"})) == (0, 0, 1, 0)
    assert counts(put(filled, "usage", {**EXAMPLES["usage"], "account": "old", "value": "18"})) == (0, 1, 0, 0)
