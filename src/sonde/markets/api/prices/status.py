"""Whether the desk is well, over REST."""

from pydantic import BaseModel, ConfigDict

from sonde.markets.services import market_status
from sonde.platform.api.routing import Acting, router

ROUTER = router("/markets", tag="Markets: prices")


class Health(BaseModel):
    """It answers."""

    status: str


class PartBody(BaseModel):
    """One part behind the desk."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    is_up: bool
    detail: str


class FeedStatus(BaseModel):
    """One live feed."""

    name: str
    is_on: bool
    state: str


class CollectionStatus(BaseModel):
    """What is collected."""

    running: int
    failing: int


class ResourcesBody(BaseModel):
    """What the web process and its machine measure."""

    model_config = ConfigDict(from_attributes=True)

    n_cpus: int
    load_average: float
    peak_memory_mb: float


class SystemStatus(BaseModel):
    """How the desk stands; every figure was measured for this answer."""

    status: str
    components: list[PartBody]
    feeds: list[FeedStatus]
    data_collection: CollectionStatus
    resources: ResourcesBody


@ROUTER.get("/health")
def get_health() -> Health:
    """Say that the desk answers."""
    return Health(status="ok")


@ROUTER.get("/system/status")
def get_system_status(actor: Acting) -> SystemStatus:
    """Measure how the desk stands."""
    found = market_status.status(actor)
    return SystemStatus(
        status="ok" if found.is_well else "degraded",
        components=[PartBody.model_validate(part) for part in found.parts],
        feeds=[
            FeedStatus(name=one.name, is_on=one.is_on, state=one.state.words) for one in found.feeds
        ],
        data_collection=CollectionStatus(running=found.collecting, failing=found.failing),
        resources=ResourcesBody.model_validate(found.resources),
    )
