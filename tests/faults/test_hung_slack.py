"""Slack takes a message and does not answer while we are told to stop."""

from tests.bots import STOP_SECONDS, eventually
from tests.world import World


def test_the_end_is_still_quick_and_the_doubt_reaches_a_human_after_the_next_start(world: World) -> None:
    client, program = world.client(), world.program("socket")
    with program.running() as bot:
        world.speak(bot, "socket")
        world.control.post("faults", method="chat.postMessage", channel=client.channel, kind="slow", seconds=20)
        world.log(client)
        eventually(lambda: world.deliveries(client.channel)[-1:], "the delivery")
        eventually(lambda: world.deliveries(client.channel)[-1]["state"] == "sending", "the call to Slack")
        ended = bot.terminate()
        assert (ended.code, ended.seconds < STOP_SECONDS) == (0, True), ended
    with program.running():
        eventually(lambda: world.deliveries(client.channel)[-1]["state"] == "unknown", "the doubt to be noted")
        assert "may or may not have arrived" in world.told("U0ANNA", f"<#{client.channel}>")["text"]
        assert len(world.deliveries(client.channel)) == 1
