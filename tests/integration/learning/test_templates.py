"""Templates on the real PostgreSQL: kept for the workspace, replaced and deleted by their owner."""

from dataclasses import replace

import pytest

from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.services import templates
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from tests.integration.learning.toy_source import person, with_toys

pytestmark = pytest.mark.integration
WANTED = NewExperiment(
    "tones",
    "tones",
    ModelConfig("random-forest", 3, {"n_trees": 20}, TrainingConfig(epochs=3)),
    notes="a baseline",
    tags=("baseline",),
)


@pytest.fixture(scope="module")
def outside(ports: Ports) -> Ports:
    return with_toys(ports)


@pytest.fixture(scope="module")
def ada(outside: Ports) -> Actor:
    return person(outside, "Ada")


def test_acceptance_wizard_a_template_gives_back_everything(outside: Ports, ada: Actor) -> None:
    with unit_of_work(outside):
        kept = templates.save(ada, "  Baseline ", WANTED)
        assert templates.wanted_of(ada, kept.id) == WANTED
        assert kept.name == "Baseline"
        again = templates.save(ada, "Baseline", replace(WANTED, notes="changed"))
        assert again.id == kept.id
        assert templates.wanted_of(ada, kept.id).notes == "changed"
        assert [one.name for one in templates.list_templates(ada)] == ["Baseline"]


def test_a_template_belongs_to_its_owner_and_its_workspace(outside: Ports, ada: Actor) -> None:
    stranger = person(outside, "Bob")
    beside = replace(ada, user_id=new_id(), name="Eve")
    with unit_of_work(outside):
        kept = templates.save(ada, "Mine", WANTED)
        assert kept.id not in [one.id for one in templates.list_templates(stranger)]
        with pytest.raises(NotFound):
            templates.get(stranger, kept.id)
        assert templates.get(beside, kept.id) == kept
        with pytest.raises(Conflict, match="Somebody else"):
            templates.save(beside, "Mine", WANTED)
        with pytest.raises(Forbidden):
            templates.delete(beside, kept.id)
        with pytest.raises(Forbidden):
            templates.save(replace(ada, role=Role.VIEWER), "More", WANTED)
        templates.delete(ada, kept.id)
        with pytest.raises(NotFound):
            templates.get(ada, kept.id)


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "two\nlines"])
def test_a_name_that_nobody_can_read_is_refused(outside: Ports, ada: Actor, name: str) -> None:
    with unit_of_work(outside), pytest.raises(Invalid, match="printable"):
        templates.save(ada, name, WANTED)
