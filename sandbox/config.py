"""What can be chosen when the sandbox starts; nothing here changes afterwards."""

from dataclasses import dataclass, field

from sandbox.limits import Pace


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """Tokens, addresses and deadlines. `port` 0 picks a free one; None for `scopes` or `events` means all of them.

    `pace` is how fast the app may speak; with None nobody is asked to wait.
    """

    host: str = "127.0.0.1"
    port: int = 0
    bot_token: str = "xoxb-sandbox"  # noqa: S105 - opens nothing but this sandbox
    app_token: str = "xapp-sandbox"  # noqa: S105 - opens nothing but this sandbox
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105 - signs nothing but sandbox requests
    client_id: str = "sandbox-client"
    client_secret: str = "sandbox-client-secret"  # noqa: S105 - opens nothing but this sandbox
    app_id: str = "A0KPIBOT"
    events_url: str | None = None
    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    response_url_seconds: float = 1800.0
    retry_delays_seconds: tuple[float, ...] = (0.0, 60.0, 300.0)
    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None
    pace: Pace | None = field(default_factory=Pace)
