"""Every setting of the product, read from the environment in one place."""

import json
import os
from pathlib import Path
from typing import Any

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

CONNECTIONS_FILE = "run/connections.json"


def default_home() -> Path:
    """Return the folder of this installation: ``SONDE_HOME``, else ``.sonde`` here."""
    return Path(os.environ.get("SONDE_HOME", ".sonde")).expanduser().absolute()


class Settings(BaseSettings):
    """What an operator can set; see ``.env.example`` and ``docs/configuration.md``."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", populate_by_name=True
    )

    home: Path = Field(default_factory=default_home, alias="SONDE_HOME")
    host: str = Field("127.0.0.1", alias="SONDE_HOST")
    port: int = Field(8050, alias="SONDE_PORT", ge=1, le=65535)
    public_url: str = Field("", alias="PUBLIC_URL")
    database_url: str = Field("", alias="DATABASE_URL")
    database_owner_url: str = Field("", alias="DATABASE_OWNER_URL")
    broker_url: str = Field("", alias="BROKER_URL")
    cache_url: str = Field("", alias="CACHE_URL")
    files_url: str = Field("", alias="FILES_URL")
    web_processes: int = Field(1, alias="SONDE_WEB_PROCESSES", ge=1, le=64)
    log_level: str = Field("INFO", alias="SONDE_LOG_LEVEL")
    sample_project: bool = Field(True, alias="SONDE_SAMPLE_PROJECT")

    @property
    def secrets_folder(self) -> Path:
        """Where generated secrets live, mode 0600 each."""
        return self.home / "secrets"

    @property
    def public_origin(self) -> str:
        """The origin that browsers see."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def load_settings(**given: Any) -> Settings:
    """Read the settings; what is not set comes from the running product in the home folder.

    ``sonde up`` writes the addresses of its embedded parts to a file that only its owner can
    read, so that commands in another terminal find them.
    """
    settings = Settings(**given)
    path = settings.home / CONNECTIONS_FILE
    if not path.exists():
        return settings
    running = json.loads(path.read_text(encoding="utf-8"))
    missing = {
        name: value
        for name, value in running.items()
        if name in Settings.model_fields and not getattr(settings, name)
    }
    return settings.model_copy(update=missing)
