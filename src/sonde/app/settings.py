"""Every setting of the product, read from the environment in one place."""

import json
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from sonde.platform.core.errors import Invalid

CONNECTIONS_FILE = "run/connections.json"


class Settings(BaseSettings):
    """What an operator can set; see ``.env.example`` and ``docs/configuration.md``."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_prefix="SONDE_",
        extra="ignore",
        populate_by_name=True,
    )

    home: Path = Field(
        Path(".sonde"),
        validate_default=True,
        description="Folder of this installation: database, files, secrets and logs.",
    )
    host: str = Field("127.0.0.1", description="Address that the web server listens on.")
    port: int = Field(8050, ge=1, le=65535, description="Port that the web server listens on.")
    public_url: str = Field(
        "",
        alias="PUBLIC_URL",
        description="Origin that browsers see, such as https://sonde.example.org; "
        "empty means http://host:port.",
    )
    database_url: str = Field(
        "",
        alias="DATABASE_URL",
        description="PostgreSQL as web and workers see it, as a role that owns no table; "
        "empty means the embedded server.",
    )
    database_owner_url: str = Field(
        "",
        alias="DATABASE_OWNER_URL",
        description="The same database as the role that owns it; only migrations use it.",
    )
    broker_url: str = Field(
        "",
        alias="BROKER_URL",
        description="Valkey or Redis that wakes workers; empty means the embedded server.",
    )
    cache_url: str = Field(
        "",
        alias="CACHE_URL",
        description="Valkey or Redis for computed answers and hints, in another database than "
        "the broker; empty means the embedded server.",
    )
    files_url: str = Field(
        "",
        alias="FILES_URL",
        description="Where files live: file:///folder or s3://bucket/prefix?endpoint=https://...; "
        "empty means a folder in the home folder.",
    )
    web_processes: int = Field(1, ge=1, le=64, description="Number of web processes.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least level that is logged."
    )
    quota_files: int = Field(500_000, ge=1, description="How many recordings one person may keep.")
    quota_gb: int = Field(200, ge=1, description="How many gigabytes one person may keep.")
    sample_project: bool = Field(
        True, description="Whether the first start loads the sample project."
    )

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _with_driver(cls, url: str) -> str:
        return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)

    @property
    def secrets_folder(self) -> Path:
        """Where generated secrets live, mode 0600 each."""
        return self.home / "secrets"

    @property
    def public_origin(self) -> str:
        """The origin that browsers see."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def environment_name(field: str) -> str:
    """Return the environment variable that sets `field`.

    Examples
    --------
    >>> environment_name("home"), environment_name("database_url")
    ('SONDE_HOME', 'DATABASE_URL')
    """
    alias = Settings.model_fields[field].alias
    return alias or f"SONDE_{field.upper()}"


def read_settings(**given: Any) -> Settings:
    """Read the settings from the environment and ``.env``.

    Raises
    ------
    Invalid
        If one of them makes no sense, by its name.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "a setting"
        name = environment_name(name) if name in Settings.model_fields else name
        raise Invalid(f"{name}: {first['msg']} (it is {first['input']!r}).") from error


def load_settings(**given: Any) -> Settings:
    """Read the settings; what is not set comes from the running product in the home folder.

    ``sonde up`` writes the addresses of its embedded parts to a file that only its owner can
    read, so that commands in another terminal find them.
    """
    settings = read_settings(**given)
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
