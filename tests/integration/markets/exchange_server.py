"""A local server that speaks an exchange's REST and WebSocket, as Binance documents them for spot.

It can be busy (429), broken (503), slow, drop connections, talk garbage, and be restarted.
"""

import asyncio
import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

MINUTE = 60_000
PRICES = (
    ("67000.01", "67010.50", "66990.00", "67005.25", "1.50000"),
    ("67005.25", "67020.00", "67001.75", "67018.00", "0.75010"),
    ("67018.00", "67018.00", "66950.10", "66960.00", "2.00001"),
)


def kline_row(opened_ms, prices=PRICES[0], length_ms=MINUTE):
    """Return one row of ``/api/v3/klines``."""
    o, h, low, c, v = prices
    return [
        opened_ms,
        o,
        h,
        low,
        c,
        v,
        opened_ms + length_ms - 1,
        "100500.0",
        12,
        "0.5",
        "9.0",
        "0",
    ]


def agg_trade(number, at_ms, price, quantity="0.01000", symbol="BTCUSDT"):
    """Return a message of ``<symbol>@aggTrade``."""
    return {
        "e": "aggTrade", "E": at_ms + 1, "s": symbol, "a": number, "p": price, "q": quantity,
        "f": number * 2, "l": number * 2 + 1, "T": at_ms, "m": True, "M": True,
    }  # fmt: skip


def kline(opened_ms, prices, *, is_closed=False, symbol="BTCUSDT"):
    """Return a message of ``<symbol>@kline_1m``."""
    o, h, low, c, v = prices
    k = {
        "t": opened_ms, "T": opened_ms + MINUTE - 1, "s": symbol, "i": "1m", "f": 100, "L": 200,
        "o": o, "c": c, "h": h, "l": low, "v": v, "n": 100, "x": is_closed, "q": "1.0000",
        "V": "500", "Q": "0.500", "B": "123456",
    }  # fmt: skip
    return {"e": "kline", "E": opened_ms + 2000, "s": symbol, "k": k}


def book_ticker(bid, ask, symbol="BTCUSDT"):
    """Return a message of ``<symbol>@bookTicker``; spot gives it no time."""
    return {"u": 400900217, "s": symbol, "b": bid, "B": "31.21000", "a": ask, "A": "40.66000"}


def depth_update(first, last, bids, asks, symbol="BTCUSDT"):
    """Return a message of ``<symbol>@depth@100ms``: changed levels; quantity 0 is gone."""
    return {"e": "depthUpdate", "E": 1_700_000_000_000, "s": symbol, "U": first, "u": last,
            "b": bids, "a": asks}  # fmt: skip


def symbol_info(base, quote, tick="0.01000000", step="0.00001000", status="TRADING"):
    """Return one symbol of ``/api/v3/exchangeInfo``."""
    return {
        "symbol": base + quote, "status": status, "baseAsset": base, "baseAssetPrecision": 8,
        "quoteAsset": quote, "quotePrecision": 8, "quoteAssetPrecision": 8,
        "orderTypes": ["LIMIT", "MARKET"], "icebergAllowed": True, "ocoAllowed": True,
        "isSpotTradingAllowed": True, "isMarginTradingAllowed": False, "permissions": ["SPOT"],
        "permissionSets": [["SPOT"]],
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": tick, "maxPrice": "1000000.00000000",
             "tickSize": tick},
            {"filterType": "LOT_SIZE", "minQty": step, "maxQty": "9000.00000000",
             "stepSize": step},
            {"filterType": "NOTIONAL", "minNotional": "5.00000000", "applyMinToMarket": True,
             "maxNotional": "9000000.00000000", "applyMaxToMarket": False, "avgPriceMins": 5},
        ],
    }  # fmt: skip


@dataclass
class ExchangeServer:
    """The server, on a thread of its own."""

    now_ms: int = 100 * MINUTE
    symbols: list = field(
        default_factory=lambda: [
            symbol_info("BTC", "USDT"),
            symbol_info("ETH", "USDT", step="0.00010000"),
            symbol_info("OLD", "USDT", status="BREAK"),
        ]
    )
    candles: dict = field(default_factory=dict)
    book: dict = field(
        default_factory=lambda: {
            "bids": [["67000.00", "0.50000"], ["66999.00", "2.00000"]],
            "asks": [["67001.00", "0.25000"], ["67003.00", "1.50000"]],
        }
    )
    page_bars: int = 1000
    busy: int = 0
    broken: int = 0
    slow_s: float = 0.0
    retry_after: str = "1"
    asked: list = field(default_factory=list)
    subscribed: list = field(default_factory=list)
    port: int = 0
    _loop: object = None
    _sockets: dict = field(default_factory=dict)
    _runner: object = None
    _thread: object = None

    @property
    def http(self):
        """The REST server's origin."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self):
        """The stream server's origin."""
        return f"ws://127.0.0.1:{self.port}"

    def start(self):
        """Start, on the port that it had before if it had one."""
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()

        def serve():
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(self._open())
            ready.set()
            self._loop.run_forever()
            self._loop.close()

        self._thread = threading.Thread(target=serve, daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def stop(self):
        """Stop as a killed server does: every connection breaks."""
        self._do(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def say(self, stream, *messages):
        """Send messages to everybody who subscribed to `stream`; text goes as it is."""
        self._do(self._say(stream, messages))

    def say_all(self, said):
        """Send pairs of a stream and a text, in order and in one go."""

        async def work():
            for stream, text in said:
                await self._say(stream, (text,))

        self._do(work())

    def drop(self):
        """Break every stream."""
        self._do(self._drop())

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _open(self):
        app = web.Application()
        app.router.add_get("/api/v3/{what:.*}", self._rest)
        app.router.add_get("/ws/{number}", self._stream)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]

    async def _shut(self):
        await self._drop()
        await self._runner.cleanup()

    async def _drop(self):
        for socket in list(self._sockets):
            socket._req.transport.abort()
        self._sockets.clear()

    async def _say(self, stream, messages):
        for socket, streams in list(self._sockets.items()):
            if stream in streams:
                for message in messages:
                    text = message if isinstance(message, str) else json.dumps(message)
                    with suppress(ConnectionError):  # whoever left hears nothing
                        await socket.send_str(text)

    async def _rest(self, request):
        what = request.match_info["what"]
        self.asked.append((what, dict(request.query)))
        if self.slow_s:
            await asyncio.sleep(self.slow_s)
        if self.busy:
            self.busy -= 1
            body = {"code": -1003, "msg": "Too much request weight used"}
            return web.json_response(body, status=429, headers={"Retry-After": self.retry_after})
        if self.broken:
            self.broken -= 1
            return web.Response(status=503, text="Service Unavailable")
        return web.json_response(self._answer(what, request.query))

    def _answer(self, what, query):
        if what == "time":
            return {"serverTime": self.now_ms}
        if what == "exchangeInfo":
            return {
                "timezone": "UTC", "serverTime": self.now_ms, "rateLimits": [],
                "exchangeFilters": [], "symbols": self.symbols,
            }  # fmt: skip
        if what == "depth":
            return {"lastUpdateId": 100, **self.book}
        if what == "klines":
            rows = self.candles.get((query["symbol"], query["interval"]), [])
            first = int(query.get("startTime", 0))
            last = int(query.get("endTime", 2**60))
            limit = min(int(query.get("limit", 500)), self.page_bars)
            return [row for row in rows if first <= row[0] <= last][:limit]
        return {"code": -1121, "msg": "Invalid symbol."}

    async def _stream(self, request):
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        self._sockets[socket] = set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                said = json.loads(message.data)
                await socket.send_json({"result": None, "id": said["id"]})
                self._sockets.get(socket, set()).update(said["params"])
                self.subscribed.extend(said["params"])
        self._sockets.pop(socket, None)
        return socket
