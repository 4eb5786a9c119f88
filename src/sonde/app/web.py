"""One web process: ``python -m sonde.app.web --socket FD``, on a socket that is open already."""

import argparse
import asyncio
import gc
import socket


def main() -> None:
    """Serve the web application on the inherited socket."""
    parser = argparse.ArgumentParser(prog="sonde.app.web")
    parser.add_argument("--socket", type=int, required=True, help="descriptor of the socket")
    parser.add_argument("--gate", type=int, help="descriptor to wait on before serving")
    told = parser.parse_args()

    # Nothing that is made while loading becomes garbage: collecting it only delays the first page.
    gc.disable()
    import uvicorn

    from sonde.app.asgi import from_environment
    from sonde.app.pauses import keep_pauses_short
    from sonde.app.supervisor.gate import wait_at

    config = uvicorn.Config(
        from_environment(),
        log_config=None,
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        timeout_graceful_shutdown=3,
    )
    gc.freeze()
    gc.enable()
    keep_pauses_short()
    if told.gate is not None:
        wait_at(told.gate)
    # Inherited descriptors keep their blocking mode; the event loop needs the other one.
    listening = socket.socket(fileno=told.socket)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(uvicorn.Server(config).serve(sockets=[listening]))


if __name__ == "__main__":
    main()
