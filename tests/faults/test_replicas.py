"""Several processes on one database: started together, each with every role, or each with one."""

from tests.bots import eventually, started
from tests.world import UNHURRIED, World


def test_four_replicas_starting_together_on_an_empty_database_all_come_up_and_post_a_digest_once(
    empty_world: World,
) -> None:
    world = empty_world
    with started(*(world.program("both", **UNHURRIED).launch() for _ in range(4))) as bots:
        for bot in bots:
            bot.ready()
        world.client()
        for _ in range(3):
            _one_digest(world)


def _one_digest(world: World) -> None:
    channel = world.team_channel()
    world.digest_falls_due(channel)
    again = "UPDATE digest_subscription SET next_due_at = now() - interval '1 minute' WHERE channel_id = %s"
    posted = "SELECT 1 FROM delivery WHERE channel_id = %s AND state = 'sent'"
    eventually(lambda: world.rows(posted, channel), "the digest")
    world.rows(again, channel)
    ahead = "SELECT 1 FROM digest_subscription WHERE channel_id = %s AND next_due_at > now()"
    eventually(lambda: world.rows(ahead, channel), "the clock to look again")
    assert len(world.deliveries(channel, "digest")) == 1
    assert len(world.control.messages(channel)) == 1


def test_three_processes_with_a_role_each_do_the_loop_together(world: World) -> None:
    program = world.program("socket", **UNHURRIED)
    roles = ("worker", "clock", "web,socket")
    with started(*(program.launch("--only", role) for role in roles)) as (_, _, web):
        world.speak(web.ready(), "socket")
        client = world.client()
        world.click(world.asked(client), 5, client.person)
        world.whispered(client.channel, client.person)
        assert [reply["score"] for reply in world.replies(client)] == [5]
        assert "no value" in world.kpi(f'csat "{client.name}"')
