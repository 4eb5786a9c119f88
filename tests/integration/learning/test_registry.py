"""The registry on the real PostgreSQL: versions, aliases, promotion, rollback."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from sonde.learning.core.bundle import load
from sonde.learning.core.registry import MoveKind
from sonde.learning.services import experiments, promotion, registry
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.ports import Ports
from sonde.platform.services import notifications
from sonde.platform.services.work import unit_of_work
from tests.integration.learning.registry_data import train, trained
from tests.integration.learning.toy_source import person, with_toys

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def outside(ports: Ports) -> Ports:
    return with_toys(ports)


@pytest.fixture(scope="module")
def ada(outside: Ports) -> Actor:
    return person(outside, "Ada")


@pytest.fixture(scope="module")
def done(outside: Ports, ada: Actor) -> dict[str, Any]:
    return trained(outside, ada, "weak", "strong", "other test", "leaky")


@pytest.fixture
def work(outside: Ports) -> Iterator[None]:
    with unit_of_work(outside):
        yield


@pytest.fixture
def fan(outside: Ports, ada: Actor, done: dict[str, Any]) -> Callable[..., str]:
    """Register some experiments under a fresh name."""

    def make(*names: str) -> str:
        name = f"fan-{new_id().lower()}"
        with unit_of_work(outside):
            for one in names:
                registry.register(ada, done[one], name)
        return name

    return make


def test_acceptance_registry_a_version_has_its_lineage(
    ada: Actor, done: dict[str, Any], fan: Callable[..., str], work: None
) -> None:
    found = registry.get(ada, fan("weak", "strong"))
    newest, oldest = found.versions
    assert (newest.number, oldest.number) == (2, 1)
    experiment = experiments.get(ada, done["strong"])
    lineage = newest.lineage
    assert lineage.data_hash == "toy"
    assert lineage.policy == "group-k-fold"
    assert lineage.certificate == "no bearing, recording or window on both sides"
    assert lineage.experiment_id == experiment.id
    assert experiment.result is not None
    assert lineage.model_hash == experiment.result.model_hash
    assert lineage.test_key == oldest.lineage.test_key != ""
    assert lineage.config["model"]["model"] == "rbf-svm"
    assert newest.macro_f1 == experiment.summary.macro_f1
    assert newest.experiment_is_there
    assert registry.certificate(ada, found.name, "2") == experiment.result.certificate
    assert registry.versions_of_experiment(ada, experiment.id)[-1] == (found.name, 2)


def test_acceptance_registry_a_challenger_must_beat_the_champion_on_the_same_certificate(
    outside: Ports, ada: Actor, fan: Callable[..., str]
) -> None:
    name = fan("weak", "strong", "other test", "leaky")
    with unit_of_work(outside):
        assert registry.version(ada, name).number == 4  # no champion yet: the newest answers
        with pytest.raises(Conflict, match="leaky"):
            promotion.promote(ada, name, "4")
        assert promotion.promote(ada, name, "1").aliases == {"champion": 1}
        other = promotion.judge(ada, name, "3")
        assert not other.is_allowed
        assert "Version 3 and version 1 were tested on different recordings" in other.sentence
        assert "train it with the champion's data and split" in other.sentence
        registry.set_alias(ada, name, "challenger", "2")
        told = promotion.judge(ada, name, "challenger")
        assert told.is_allowed
        assert told.verdict is not None
        assert told.verdict.low > 0
        assert promotion.promote(ada, name, "challenger").aliases == {"champion": 2}
        back = promotion.judge(ada, name, "1")
        assert not back.is_allowed
        assert back.sentence.startswith("Version 2 is better than version 1 on these 12 bearings")
        with pytest.raises(Conflict, match="An administrator can promote it all the same"):
            promotion.promote(ada, name, "1")
    with unit_of_work(outside):
        titles = [one.title for one in notifications.list_notifications(ada).items]
    assert f"{name}: version 2 is champion" in titles


def test_an_administrator_may_pass_over_the_rule_with_a_reason_that_is_kept(
    outside: Ports, ada: Actor, fan: Callable[..., str]
) -> None:
    name = fan("strong", "weak")
    boss = replace(ada, role=Role.ADMIN)
    with unit_of_work(outside):
        promotion.promote(ada, name, "1")
    with unit_of_work(outside), pytest.raises(Forbidden):
        promotion.promote(ada, name, "2", override_reason="I simply like it better")
    with unit_of_work(outside), pytest.raises(Invalid, match="at least 10"):
        promotion.promote(boss, name, "2", override_reason="because")
    with unit_of_work(outside):
        promotion.promote(boss, name, "2", override_reason="It fits into the edge box.")
        move = registry.history(ada, name)[0]
    assert (move.kind, move.from_number, move.to_number) == (MoveKind.OVERRIDDEN, 1, 2)
    assert move.reason == "It fits into the edge box."
    assert move.evidence["high"] < 0


def test_acceptance_registry_roll_back_walks_back_through_the_champions(
    outside: Ports, ada: Actor, fan: Callable[..., str]
) -> None:
    name = fan("weak", "strong")
    with unit_of_work(outside):
        promotion.promote(ada, name, "1")
        with pytest.raises(Conflict, match="no champion before"):
            promotion.roll_back(ada, name)
        promotion.promote(ada, name, "2")
        assert promotion.roll_back(ada, name, reason="It alarms too often").aliases == {
            "champion": 1
        }
        assert registry.history(ada, name, "champion")[0].reason == "It alarms too often"
        with pytest.raises(Conflict, match="no champion before"):
            promotion.roll_back(ada, name)
        promotion.promote(ada, name, "2")
        assert promotion.roll_back(ada, name).aliases == {"champion": 1}


def test_acceptance_registry_a_version_outlives_its_experiment(outside: Ports, ada: Actor) -> None:
    name, experiment_id = f"lasting-{new_id().lower()}", train(outside, ada, "weak")
    with unit_of_work(outside):
        made = registry.register(ada, experiment_id, name)
        before = registry.bundle_bytes(ada, name)[1]
    with unit_of_work(outside):
        experiments.delete(ada, experiment_id)
    with unit_of_work(outside):
        kept, content = registry.bundle_bytes(ada, name)
        promotion.promote(ada, name, "1")
    assert content == before
    assert load(content).card.model_hash == made.lineage.model_hash
    assert not kept.experiment_is_there


def test_free_aliases_and_what_cannot_be_one(ada: Actor, fan: Callable[..., str], work: None):
    name = fan("weak", "strong")
    assert registry.set_alias(ada, name, "shadow", "1").aliases == {"shadow": 1}
    assert registry.version(ada, name, "shadow").number == 1
    assert registry.version(ada, name, "latest").number == 2
    assert registry.version(ada, name, "v1").number == 1
    assert registry.set_alias(ada, name, "shadow", "2").aliases == {"shadow": 2}
    with pytest.raises(Conflict, match="not set by hand"):
        registry.set_alias(ada, name, "champion", "1")
    for wrong in ("latest", "1", "Shadow", "", "a b"):
        with pytest.raises(Invalid, match="cannot be an alias"):
            registry.set_alias(ada, name, wrong, "1")
    with pytest.raises(Conflict, match="is the shadow; move that first"):
        registry.archive(ada, name, "2")
    assert registry.remove_alias(ada, name, "shadow").aliases == {}
    with pytest.raises(NotFound, match="has no alias"):
        registry.remove_alias(ada, name, "shadow")
    registry.archive(ada, name, "2")
    assert registry.version(ada, name).number == 1
    with pytest.raises(Conflict, match="archived; bring it back"):
        registry.set_alias(ada, name, "shadow", "2")
    with pytest.raises(NotFound, match="has no version '7'"):
        registry.version(ada, name, "7")


def test_what_cannot_be_registered(
    ada: Actor, done: dict[str, Any], fan: Callable[..., str], viewer: Actor, work: None
) -> None:
    name = fan("weak")
    with pytest.raises(Conflict, match="has a version of this experiment already"):
        registry.register(ada, done["weak"], name)
    with pytest.raises(Invalid, match="cannot name a model"):
        registry.register(ada, done["weak"], "Fan / 1")
    with pytest.raises(NotFound):
        registry.register(ada, new_id(), name)
    with pytest.raises(Forbidden):
        registry.register(viewer, done["weak"], name)


def test_an_archived_model_is_not_listed(ada: Actor, fan: Callable[..., str], work: None) -> None:
    name = fan("weak")
    assert name in {one.name for one in registry.list_models(ada)}
    registry.archive(ada, name)
    assert name not in {one.name for one in registry.list_models(ada)}
    assert name in {one.name for one in registry.list_models(ada, archived=True)}
    assert registry.describe(ada, name, " For the fans ").description == "For the fans"
