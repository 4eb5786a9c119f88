"""The embedded servers before they run: commands, addresses, refusals."""

import os

import pytest

from sonde.app.settings import Settings
from sonde.app.supervisor import postgres
from sonde.app.supervisor.home import prepare_home
from sonde.app.supervisor.plan import make_plan
from sonde.app.supervisor.postgres import EmbeddedPostgres
from sonde.platform.core.errors import Unavailable


def test_a_long_path_gets_a_short_socket_folder(tmp_path):
    near = EmbeddedPostgres(tmp_path / "pg", tmp_path / "secrets")
    far = EmbeddedPostgres(tmp_path / ("x" * 120), tmp_path / "secrets")
    assert near.socket_folder == tmp_path / "pg" / "socket"
    assert len(str(far.socket_folder / ".s.PGSQL.5432")) < 104
    assert str(os.getuid()) in far.socket_folder.name


def test_the_server_listens_to_nobody_outside(tmp_path):
    command = " ".join(EmbeddedPostgres(tmp_path / "pg", tmp_path / "secrets").command())
    assert "listen_addresses= " in command
    assert "unix_socket_permissions=0700" in command


def test_root_without_user_namespaces_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr(postgres.os, "geteuid", lambda: 0)
    monkeypatch.setattr(postgres.sys, "platform", "linux")
    monkeypatch.setattr(postgres.shutil, "which", lambda _name: None)
    with pytest.raises(Unavailable, match="ordinary user"):
        postgres.unprivileged(["postgres"])


def test_ordinary_people_run_it_plainly(monkeypatch):
    monkeypatch.setattr(postgres.os, "geteuid", lambda: 1000)
    assert postgres.unprivileged(["postgres", "-D", "x"]) == ["postgres", "-D", "x"]


def test_named_servers_replace_embedded_ones(tmp_path):
    prepare_home(tmp_path)
    plan = make_plan(
        Settings(
            home=tmp_path,
            database_url="postgresql://app@db/sonde",
            database_owner_url="postgresql://owner@db/sonde",
            broker_url="redis://broker/0",
            cache_url="redis://broker/1",
            files_url="s3://bucket",
        )
    )
    assert plan.servers() == []
    assert plan.settings.files_url == "s3://bucket"


def test_only_the_migration_knows_the_owner(tmp_path):
    prepare_home(tmp_path)
    plan = make_plan(Settings(home=tmp_path, web_processes=2))
    assert [program.name for program in plan.servers()] == ["broker", "database"]
    assert "sonde_owner" in plan.prepare().environment["DATABASE_OWNER_URL"]
    programs = [*plan.web(5), *plan.workers()]
    assert [program.name for program in programs] == [
        "web",
        "web-2",
        "worker-default",
        "worker-train",
        "beat",
    ]
    for program in programs:
        assert program.environment["DATABASE_OWNER_URL"] == ""
        assert "sonde_app" in program.environment["DATABASE_URL"]
    threads = {program.name: program.environment.get("OMP_NUM_THREADS") for program in programs}
    assert threads["worker-default"] == "1"
