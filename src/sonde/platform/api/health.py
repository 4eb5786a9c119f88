"""Is it alive, and is it ready: for supervisors and load balancers, without signing in."""

import anyio
from fastapi import APIRouter
from fastapi.responses import JSONResponse

from sonde.platform.services.health import check_parts
from sonde.platform.services.request import current_request

health = APIRouter(tags=["health"])


@health.get("/healthz", summary="Whether this process answers")
async def alive() -> JSONResponse:
    """Answer 200 as long as the process lives."""
    return JSONResponse({"status": "ok"})


@health.get("/readyz", summary="Whether every part behind it answers")
async def ready() -> JSONResponse:
    """Answer 200 when database, queue, cache and files answer, else 503."""
    parts = await anyio.to_thread.run_sync(check_parts, current_request().ports)
    body = {part.name: "ok" if part.is_up else "down" for part in parts}
    is_ready = all(part.is_up for part in parts)
    return JSONResponse(
        {"status": "ok" if is_ready else "degraded", "parts": body}, 200 if is_ready else 503
    )
