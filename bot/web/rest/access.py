"""Who may: a token in the header, checked before anything of the body is read."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from kpi.services.tokens import Tokens

_BEARER = HTTPBearer(
    scheme_name="token", description="Made with `kpibot token create NAME`; shown once.", auto_error=False
)


def requires(tokens: Tokens, scope: str) -> Callable[..., str]:
    """A dependency: the name of the token that came. NotRecognised without one, Refused without the scope."""

    def token(given: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]) -> str:
        return tokens.check(f"{given.scheme} {given.credentials}" if given else None, scope)

    return token
