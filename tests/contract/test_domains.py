"""What every domain promises, asked of the real ones and of a toy one."""

import inspect
import re

import pytest

from sonde.app.domains import PARTS
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.domain import Domain
from sonde.platform.core.jobs import JobKind
from sonde.platform.core.parts import Parts
from tests.contract.toy_domain import TOYS

EVERY = (*PARTS.every, TOYS)
ANALYST = Actor("01ARZ3NDEKTSV4RRFFQ69G5FAV", "Ada", Role.ANALYST, "w", frozenset({"w"}))


@pytest.fixture(params=EVERY, ids=lambda domain: domain.slug)
def domain(request: pytest.FixtureRequest) -> Domain:
    return request.param


def test_has_a_plain_slug_and_a_title(domain: Domain) -> None:
    assert re.fullmatch(r"[a-z]+", domain.slug)
    assert domain.title


def test_slugs_pages_jobs_and_commands_are_unique() -> None:
    assert len({part.slug for part in EVERY}) == len(EVERY)
    for things in (
        [page.path for part in EVERY for page in part.pages()],
        [kind.name for part in EVERY for kind in part.jobs()],
        [name for part in EVERY for name, _ in part.commands()],
        [kind.name for part in EVERY for kind in part.event_kinds],
    ):
        assert len(set(things)) == len(things)


def test_pages_are_absolute_have_titles_and_known_parents(domain: Domain) -> None:
    paths = {page.path for part in EVERY for page in part.pages()}
    for page in domain.pages():
        assert page.path.startswith("/")
        assert page.title
        assert callable(page.layout)
        assert page.parent is None or page.parent in paths


def test_jobs_are_named_after_their_domain_and_load(domain: Domain) -> None:
    for kind in domain.jobs():
        assert isinstance(kind, JobKind)
        assert kind.name.startswith(f"{domain.slug}.")
        assert kind.queue in {"default", "train"}
        function = kind.load()
        assert len(inspect.signature(function).parameters) == 2


def test_schedules_and_sample_name_jobs_of_the_domain(domain: Domain) -> None:
    known = {kind.name for kind in domain.jobs()}
    assert {schedule.job_kind for schedule in domain.schedules} <= known
    if domain.sample is not None:
        assert domain.sample.job_kind in known


def test_commands_say_what_they_do(domain: Domain) -> None:
    for _name, command in domain.commands():
        assert getattr(command, "__doc__", None) or getattr(command, "info", None), command


def test_tables_carry_the_prefix_of_no_other_part(domain: Domain) -> None:
    for table in domain.tables():
        assert table.__tablename__ == table.__tablename__.lower()


def test_parts_find_jobs_by_name() -> None:
    parts = Parts(EVERY)
    assert parts.job_kind("toys.count").title == "Count toys"


def test_problem_sources_have_a_slug_and_a_title(domain: Domain) -> None:
    for source in domain.problem_sources():
        assert source.slug
        assert source.title
        for method in ("choices", "describe", "load", "read_upload"):
            assert callable(getattr(source, method))
