"""What the main processes of workers and beat have to know: little, and they stay small."""

import os


def broker_settings() -> tuple[str, str]:
    """Return the broker's address and the log level.

    Read from the environment where they stand there, as under the supervisor: the machinery of
    settings would cost each of these processes 10 MB for two words.
    """
    address = os.environ.get("BROKER_URL")
    if address:
        return address, os.environ.get("SONDE_LOG_LEVEL", "INFO")
    from sonde.app.settings import load_settings

    settings = load_settings()
    return settings.broker_url, settings.log_level


def database_address() -> str:
    """Return the database's address, from the environment where it stands there."""
    address = os.environ.get("DATABASE_URL")
    if address:
        return address
    from sonde.app.settings import load_settings

    return load_settings().database_url
