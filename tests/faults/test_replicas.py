"""Several processes on one database: started together, each with every role, or each with one."""

from contextlib import ExitStack

from tests.bots import end, eventually
from tests.world import World


def test_four_replicas_starting_together_on_an_empty_database_all_come_up_and_post_a_digest_once(
    empty_world: World,
) -> None:
    world = empty_world
    bots = [world.program("both").launch() for _ in range(4)]
    try:
        for bot in bots:
            bot.listening().ready()
        world.client()
        for _ in range(3):
            _one_digest(world)
    finally:
        end(*bots)


def _one_digest(world: World) -> None:
    channel = f"C0DIGEST{next(world.numbers):03}"
    world.control.post("world", channels=[{"id": channel, "name": channel.lower(), "members": ["U0KPIBOT", "U0HEAD"]}])
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
    program = world.program("socket")
    with ExitStack() as stack:
        launched = [program.launch("--only", roles) for roles in ("worker", "clock", "web,socket")]
        stack.callback(end, *launched)
        *_, web = [bot.listening().ready() for bot in launched]
        world.speak(web, "socket")
        client = world.client()
        world.click(world.asked(client), 5, client.person)
        world.whispered(client.channel, client.person)
        assert [reply["score"] for reply in world.replies(client)] == [5]
        assert "no value" in world.kpi(f'csat "{client.name}"')
