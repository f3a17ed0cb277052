"""A small client of the control API, for tests, the demo and scripts."""

from types import TracebackType
from typing import Any

import httpx


class ControlError(Exception):
    """The sandbox refused; `status` and the sentence it gave."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Control:
    """Speaks to a running sandbox: `Control(url).post("command", user=…, channel=…, command="/kpi")`."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=f"{url.rstrip('/')}/_control/", trust_env=False, timeout=70)

    def __enter__(self) -> "Control":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the connection go."""
        self._client.close()

    def post(self, act: str, **body: Any) -> dict[str, Any]:
        """Do something; what it came to. ControlError when refused."""
        answer: dict[str, Any] = self._answer(self._client.post(act, json=body))
        return answer

    def get(self, path: str, **query: Any) -> Any:
        """Look at something; with `wait=SECONDS` (and `at_least=N`) until it is there."""
        return self._answer(self._client.get(path, params=query))

    def messages(self, channel: str, *, at_least: int = 0, wait: float = 0) -> list[dict[str, Any]]:
        """A channel's messages, ephemeral ones flagged `ephemeral_to`."""
        found: list[dict[str, Any]] = self.get(f"messages/{channel}", at_least=at_least, wait=wait)
        return found

    def calls(self, method: str | None = None, *, at_least: int = 0, wait: float = 0) -> list[dict[str, Any]]:
        """The app's Web API calls, in order."""
        query = {"method": method} if method else {}
        found: list[dict[str, Any]] = self.get("calls", at_least=at_least, wait=wait, **query)
        return found

    def deliveries(self, kind: str | None = None, *, at_least: int = 0, wait: float = 0) -> list[dict[str, Any]]:
        """What was delivered to the app and how it answered; `kind` is a payload type such as `block_actions`."""
        query = {"type": kind} if kind else {}
        found: list[dict[str, Any]] = self.get("deliveries", at_least=at_least, wait=wait, **query)
        return found

    def connected(self, wait: float = 10) -> bool:
        """Whether the app has opened a socket, within this many seconds."""
        return bool(self.get("sockets", wait=wait))

    @staticmethod
    def _answer(response: httpx.Response) -> Any:
        body = response.json()
        if response.is_error:
            raise ControlError(response.status_code, body["error"])
        return body
