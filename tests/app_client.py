"""Asking an ASGI app in this process, as over HTTP."""

import asyncio
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response


@dataclass(frozen=True)
class AppClient:
    """Asks an app, as over HTTP; what the app lets through is raised here."""

    app: FastAPI

    def get(self, path: str) -> Response:
        return asyncio.run(self._ask("GET", path))

    def post(self, path: str, **more: Any) -> Response:
        return asyncio.run(self._ask("POST", path, **more))

    async def _ask(self, method: str, path: str, **more: Any) -> Response:
        async with AsyncClient(transport=ASGITransport(self.app), base_url="http://kpibot") as client:
            return await client.request(method, path, **more)
