"""The page a person tries the demo with."""

from starlette.routing import Route

from sandbox.slack import Slack


def routes(_: Slack) -> list[Route]:
    """The page's paths."""
    return []
