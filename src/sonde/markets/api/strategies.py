"""Strategies over REST: what can be used, and those that an administrator wrote."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from sonde.markets.core.strategies.catalogue import STRATEGIES
from sonde.markets.core.strategies.loading import SOURCE_BYTES
from sonde.markets.services import strategies, user_strategies
from sonde.markets.services.user_strategies import OwnVersion
from sonde.platform.api.routing import Acting, router

ROUTER = router("/markets/strategies", tag="Markets: strategies")


class ParameterBody(BaseModel):
    """What can be set of a strategy."""

    name: str
    title: str
    kind: str
    low: float
    high: float
    default: Any
    words: str
    choices: list[str]


class StrategyBody(BaseModel):
    """A strategy that can be used; one of your own is named with its version."""

    name: str
    title: str
    words: str
    is_shipped: bool
    parameters: list[ParameterBody]


class NewStrategyBody(BaseModel):
    """The source of a strategy: Python with exactly one class."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(min_length=1, max_length=SOURCE_BYTES)


class VersionBody(BaseModel):
    """One version of a strategy that an administrator wrote."""

    name: str
    version: int
    title: str
    words: str
    state: str
    reason: str
    proof: Mapping[str, Any]
    sha256: str
    source: str
    job_id: str
    created_at: datetime


@ROUTER.get("")
def list_strategies(_actor: Acting) -> list[StrategyBody]:
    """List every strategy that can be used, with its parameters; shipped ones first."""
    names = tuple(ParameterBody.model_fields)
    return [
        StrategyBody(
            name=one.name,
            title=one.title,
            words=one.words,
            is_shipped=one.name in STRATEGIES,
            parameters=[
                ParameterBody(**{name: getattr(each, name) for name in names})
                for each in one.parameters
            ],
        )
        for one in strategies.listed()
    ]


@ROUTER.post("", status_code=201)
def upload_strategy(actor: Acting, body: NewStrategyBody) -> VersionBody:
    """Load a strategy (administrators); it can be used once its job has proved it."""
    return _version(user_strategies.upload(actor, body.source))


@ROUTER.get("/{strategy_name}/versions")
def list_versions(actor: Acting, strategy_name: str) -> list[VersionBody]:
    """List the versions of a strategy with their source (administrators), the newest first."""
    return [_version(one) for one in user_strategies.versions(actor, strategy_name)]


@ROUTER.delete("/{strategy_name}", status_code=204)
def withdraw_strategy(actor: Acting, strategy_name: str) -> Response:
    """Let nobody use a strategy any more (administrators); results that are there stay."""
    user_strategies.withdraw(actor, strategy_name)
    return Response(status_code=204)


def _version(one: OwnVersion) -> VersionBody:
    return VersionBody(**{name: getattr(one, name) for name in VersionBody.model_fields})
