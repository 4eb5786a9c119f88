"""The WebSocket that tells open pages to look again."""

import anyio
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from sonde.platform.core.errors import Unavailable
from sonde.platform.services.request import current_request

hints = APIRouter()

_AGAIN_AFTER_S = 5.0


@hints.websocket("/ws/hints")
async def relay(socket: WebSocket) -> None:
    """Send the topics that change for the person at the other end, until they leave."""
    await socket.accept()
    async with anyio.create_task_group() as group:
        group.start_soon(_pass_on, socket)
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            group.cancel_scope.cancel()


async def _pass_on(socket: WebSocket) -> None:
    request = current_request()
    while True:
        try:
            async for topic in request.ports.hints.listen(request.actor.user_id):
                await socket.send_text(topic)
        except Unavailable:
            pass  # the page looks again by itself now and then
        except (WebSocketDisconnect, RuntimeError):
            return
        await anyio.sleep(_AGAIN_AFTER_S)
