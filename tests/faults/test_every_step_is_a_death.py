"""The places where replicas are killed are all there are: a new statement on the way fails here until it has one."""

from tests.bots import eventually
from tests.crew import crew
from tests.deaths import AFTER_THE_ACK, ASKING, BEFORE_THE_ACK, POSTING_DIGESTS
from tests.doomed import is_meant
from tests.world import World

ELSEWHERE = (
    "WITH notes AS (DELETE FROM fact_log",  # folding notes, keeping days packed
    "INSERT INTO fact_day",
    "UPDATE survey SET salt=",  # closing what is over
    "UPDATE survey SET state=%(state)s::VARCHAR, closed_at=survey.expires_at",
    "UPDATE survey SET state=%(state)s::VARCHAR, reason=%(reason)s::VARCHAR, closed_at=",
    "INSERT INTO kpi_definition",  # part of the published values
    "INSERT INTO person",  # who somebody is, kept a while
    "INSERT INTO interaction",  # logging: one transaction before its ack, as a click is
    "INSERT INTO account_day (workspace_id, account_id, day, interactions",
    "INSERT INTO survey (",
    "INSERT INTO channel",
    "DELETE FROM delivery",  # the thanks for an anonymous answer
    "UPDATE workspace",  # once, at the start
    "INSERT INTO delivery … 'notice'",  # what the account manager reads of the meeting, sent as a question is
    "INSERT INTO send_pace … 'U0ANNA'",
    "INSERT INTO send_pace … 'urgent'",  # the turn's other rows, in the transaction of the channel's
    "INSERT INTO send_pace … 'bulk'",
)


def test_every_statement_that_writes_on_the_three_ways_has_its_deaths(world: World) -> None:
    with crew(world, 1) as at_work:
        client, channel = world.client(), world.team_channel()
        at_work.fate.written.touch()
        world.digest_falls_due(channel)
        world.click(world.asked(client), 5, client.person)
        eventually(lambda: at_work.said(channel), "the digest")
        at_work.settled()
        written = set(at_work.fate.written.read_text().splitlines())
    points = (*POSTING_DIGESTS, *ASKING, *BEFORE_THE_ACK, *AFTER_THE_ACK)
    known = {point.doom.steps[-1] for point in points} | {*ELSEWHERE}
    assert [each for each in written if not any(is_meant(words, each) for words in known)] == []
    assert {each.split(" (")[0] for each in written} >= {
        "INSERT INTO reply",
        "INSERT INTO digest_run",
        "INSERT INTO delivery",
    }
