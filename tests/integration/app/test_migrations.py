"""Migrations go up and down on a database with rows in every table."""

import numpy as np
import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

from sonde.app.domains import PARTS
from sonde.app.migrations import run
from sonde.learning.core.runs import POINT
from sonde.platform.persistence.database import Table

pytestmark = pytest.mark.integration


@pytest.fixture
def engine(postgres):
    name = postgres.new_database()
    engine = create_engine(postgres.owner_url(name), poolclass=NullPool)
    yield engine
    engine.dispose()
    postgres.drop(name)


def _url(engine):
    return engine.url.render_as_string(hide_password=False)


def _tables():
    for part in PARTS.every:
        part.tables()
    return Table.metadata.sorted_tables


def _value(column):
    kind = str(column.type).upper()
    if column.foreign_keys:
        return "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    if "JSON" in kind:
        return "[]"
    if "ARRAY" in kind or kind.endswith("[]"):
        return []
    for word, value in (("BOOL", True), ("INT", 1), ("FLOAT", 1.0), ("DOUBLE", 1.0),
                        ("NUMERIC", 1), ("TIMESTAMP", "2026-01-01"), ("DATE", "2026-01-01"),
                        ("BYTEA", b"x"), ("BLOB", b"x")):  # fmt: skip
        if word in kind:
            return value
    if column.name == "role":
        return "admin"
    return "01ARZ3NDEKTSV4RRFFQ69G5FAV"


def _populate(engine):
    """Put one row into every table, every column filled."""
    with engine.begin() as connection:
        for table in _tables():
            columns = [
                column for column in table.columns if not column.identity and not column.computed
            ]
            names = ", ".join(f'"{column.name}"' for column in columns)
            places = ", ".join(
                f"cast(:{column.name} as jsonb)"
                if "JSON" in str(column.type).upper()
                else f":{column.name}"
                for column in columns
            )
            connection.execute(
                text(f"insert into {table.name} ({names}) values ({places})"),
                {column.name: _value(column) for column in columns},
            )


def test_tables_are_what_the_code_says(engine):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    _tables()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [
            one
            for one in compare_metadata(context, Table.metadata)
            if not (isinstance(one, tuple) and one[0] in {"remove_index", "add_index"})
        ]
    assert differences == []


def test_down_and_up_again_on_a_populated_database(engine):
    _populate(engine)
    assert len(_tables()) >= 12
    revisions = ["0003_datasets", "0002_jobs", "0001_accounts"]
    for revision in revisions:
        run.downgrade(_url(engine), revision)
    run.downgrade(_url(engine))
    assert inspect(engine).get_table_names() == ["alembic_version"]
    run.upgrade(_url(engine))
    _populate(engine)
    assert run.newest() == "0024_changes_told"
    with engine.connect() as connection:
        assert connection.scalar(text("select version_num from alembic_version")) == run.newest()


@pytest.mark.parametrize("first", [1, 70_000, -3])
def test_older_blocks_of_points_learn_where_they_begin(engine, first):
    _populate(engine)
    points = np.array([(first, 0.5, 0.0), (first + 1, 0.25, 0.0)], POINT).tobytes()
    with engine.begin() as connection:
        connection.execute(
            text("update experiment_metric_blocks set content = :points"), {"points": points}
        )
    run.downgrade(_url(engine), "0016_experiment_templates")
    run.upgrade(_url(engine))
    with engine.connect() as connection:
        query = text("select distinct first_step from experiment_metric_blocks")
        assert connection.scalars(query).all() == [first]


def test_migrating_twice_changes_nothing(engine):
    run.upgrade(_url(engine))
    run.upgrade(_url(engine))


def test_the_application_owns_nothing_and_cannot_bypass(postgres, engine):
    query = """
        select r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb,
               (select count(*) from pg_class c where c.relowner = r.oid)
        from pg_roles r where r.rolname = 'sonde_app'
    """
    with engine.connect() as connection:
        assert connection.execute(text(query)).one() == (False, False, False, False, 0)
    app = create_engine(postgres.app_url(engine.url.database), poolclass=NullPool)
    with app.connect() as connection:
        connection.execute(text("select * from users"))
        for forbidden in (
            "drop table users",
            "create table mine (x int)",
            "alter table users add y int",
        ):
            with pytest.raises(Exception, match=r"must be owner|permission denied"):
                connection.execute(text(forbidden))
            connection.rollback()
    app.dispose()
