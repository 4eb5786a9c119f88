"""The live stream over WebSockets: the price of one symbol, or many topics in frames."""

from functools import partial
from typing import Final

import anyio
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from sonde.markets.core.streaming.outbox import TooSlow
from sonde.markets.services.streams.following import account_ears
from sonde.markets.services.streams.live_prices import LivePrices, price_hub
from sonde.markets.services.streams.price_session import PriceSession
from sonde.markets.services.streams.session import Hubs, StreamSession
from sonde.platform.api.routing import API
from sonde.platform.services.request import current_request

ROUTER = APIRouter(prefix=f"{API}/markets")
TRY_AGAIN_LATER: Final = 1013
_CLOSE_WITHIN_S: Final = 1.0


@ROUTER.websocket("/ws/price")
async def stream_price(socket: WebSocket, symbol: str = "BTCUSDT") -> None:
    """Send the price of one symbol; a text, or {"symbol": ...}, switches to another."""
    await socket.accept()
    request = current_request()
    session = PriceSession(request.ports, request.actor, _hubs(socket), socket.send_text)
    session.take_in(symbol)
    await _served(socket, session)


@ROUTER.websocket("/ws")
async def stream_topics(socket: WebSocket) -> None:
    """Send frames of the topics that the client subscribes to."""
    await socket.accept()
    request = current_request()
    session = StreamSession(request.ports, request.actor, _hubs(socket), socket.send_text)
    await _served(socket, session)


async def _served(socket: WebSocket, session: StreamSession) -> None:
    """Serve until the client leaves; one that is too slow is closed, and may resume."""
    try:
        await session.serve(partial(_next_text, socket))
    except TooSlow as error:
        with anyio.move_on_after(_CLOSE_WITHIN_S):
            await socket.close(TRY_AGAIN_LATER, error.message)
    except (WebSocketDisconnect, RuntimeError):
        return


async def _next_text(socket: WebSocket) -> str:
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    return str(message.get("text") or "")


def _hubs(socket: WebSocket) -> Hubs:
    """Return what this process hears, made at the first client."""
    state = socket.app.state
    if not hasattr(state, "market_hubs"):
        broadcast = current_request().ports.broadcast
        state.market_hubs = Hubs(LivePrices(price_hub(broadcast)), account_ears(broadcast))
    hubs: Hubs = state.market_hubs
    return hubs
