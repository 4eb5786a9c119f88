"""The list of experiments over REST: bulk changes with their way back, tags, kept searches."""

import csv
import io
import re
from datetime import timedelta

import psycopg
import pytest
import typer
from sqlalchemy import insert
from typer.testing import CliRunner

from sonde.learning.api.commands import COMMANDS
from sonde.learning.core.experiment_changes import Action
from sonde.learning.core.experiment_list import ListQuery
from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.search.columns import order_of
from sonde.learning.core.search.parser import parse
from sonde.learning.persistence import experiment_changes as change_rows
from sonde.learning.persistence.experiment_search import queries
from sonde.learning.persistence.experiments import ExperimentRow
from sonde.learning.services import (
    experiment_changes,
    experiment_search,
    experiments,
    saved_searches,
    search_completion,
    tags,
)
from sonde.learning.services.experiment_changes import change
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import JobState
from sonde.platform.persistence.database import session
from sonde.platform.services import accounts, jobs, notifications
from sonde.platform.services.events import deliver_pending
from sonde.platform.services.local import LOCAL, LocalAccess
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.learning.listed_experiments import NOW, add, tell
from tests.integration.learning.toy_source import with_toys

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def ports(ports):
    """The real servers, and toy data to train on."""
    return with_toys(ports)


def titles(actor, query=""):
    found = experiment_search.find(actor, ListQuery(query))
    return [row.summary.title for row in found.rows]


def test_acceptance_search_every_change_in_bulk_can_be_undone(unit, actor):
    ids = [add(actor, f"Run {number}", score=0.5 + number / 10) for number in range(4)]
    tags.attach(actor, ids[:1], ["night"])
    before = titles(actor)
    steps = (
        (Action.TAG, ["night", "first"], "tag:night tag:first"),
        (Action.ARCHIVE, [], "is:archived"),
        (Action.PIN, [], "is:pinned"),
        (Action.TRASH, [], "is:trashed"),
    )
    for action, names, query in steps:
        done = change(actor, action, ids, names)
        assert len(titles(actor, query)) == 4, action
        assert done.undo is not None
        back = change(actor, done.undo, done.ids, done.names)
        assert set(back.ids) == set(done.ids)
        assert titles(actor) == before
    assert titles(actor, "tag:night") == []


def test_undo_takes_back_only_what_was_changed(unit, actor):
    one, two = add(actor, "One"), add(actor, "Two")
    change(actor, Action.PIN, [one])
    done = change(actor, Action.PIN, [one, two])
    assert done.ids == (two,)
    with pytest.raises(NotFound):
        change(actor, Action.PIN, [one, "01ARZ3NDEKTSV4RRFFQ69G5FAV"])
    with pytest.raises(Invalid, match="Choose 1"):
        change(actor, Action.PIN, [])
    with pytest.raises(Invalid, match="at least one tag"):
        change(actor, Action.TAG, [one])
    with pytest.raises(Invalid, match="not in the trash"):
        change(actor, Action.REMOVE, [one])


def test_many_are_removed_for_good_at_once_with_all_that_is_theirs(unit, actor):
    gone = [add(actor, f"Gone {number}", score=0.9) for number in range(3)]
    stays = add(actor, "Stays", score=0.9)
    for one in (*gone, stays):
        tell(actor, one, "validation/loss", {1: 0.5})
        tags.attach(actor, [one], ["kept"])
    change(actor, Action.TRASH, gone)
    assert change(actor, Action.REMOVE, gone).undo is None
    assert experiment_changes.lacking(actor, [*gone, stays]) == gone
    assert titles(actor, "tag:kept has:score validation/loss:<1") == ["Stays"]


def test_what_was_chosen_earlier_and_is_gone_is_named(unit, actor, other_actor):
    mine, trashed = (add(actor, name, score=0.9) for name in ("Mine", "In the trash"))
    change(actor, Action.TRASH, [trashed])
    other = add(other_actor, "Somebody else's", score=0.9)
    gone = new_id()
    assert experiment_changes.lacking(actor, [mine, gone, trashed, other]) == [gone, other]
    assert experiment_changes.lacking(actor, []) == []


def test_only_analysts_change_and_only_owners_delete(unit, actor, viewer, other_actor):
    one = add(actor, "Mine")
    with pytest.raises(Forbidden):
        change(viewer, Action.PIN, [one])
    with pytest.raises(NotFound):
        change(other_actor, Action.TRASH, [one])
    guest = type(actor)(
        other_actor.user_id, "Grace", actor.role, actor.workspace_id, actor.workspace_ids
    )
    change(guest, Action.TAG, [one], ["theirs"])
    with pytest.raises(Forbidden, match="belongs to somebody else"):
        change(guest, Action.TRASH, [one])


def test_the_trash_waits_thirty_days_and_then_empties_itself(unit, actor):
    one, two = add(actor, "Old"), add(actor, "Young")
    change(actor, Action.TRASH, [one, two])
    with pytest.raises(NotFound):
        experiments.get(actor, one)
    long_ago = unit.clock() - experiment_changes.KEPT - timedelta(minutes=1)
    change_rows.mark([one], "trashed_at", None)
    change_rows.mark([one], "trashed_at", long_ago)
    assert experiment_changes.sweep(actor) == 1
    assert titles(actor, "is:trashed") == ["Young"]


def test_a_running_training_is_cancelled_on_its_way_into_the_trash(unit, actor):
    wanted = NewExperiment("tones", "tones", ModelConfig("random-forest"), tags=("Baseline",))
    made = experiments.create(actor, wanted)
    assert titles(actor, "tag:baseline status:queued") == [made.summary.title]
    assert change(actor, Action.TRASH, [made.id]).stopped == 1
    change(actor, Action.RESTORE, [made.id])
    assert experiments.get(actor, made.id).summary.state is JobState.CANCELLED


def test_tags_are_one_in_a_workspace_whatever_their_case(unit, actor, other_actor):
    one = add(actor, "One")
    first = tags.create(actor, " night  run ", "teal")
    assert (first.name, first.colour) == ("night run", "teal")
    with pytest.raises(Conflict):
        tags.create(actor, "Night Run")
    tags.attach(actor, [one], ["NIGHT RUN", "other"])
    assert [(tag.name, tag.n_experiments) for tag in tags.list_tags(actor)] == [
        ("night run", 1),
        ("other", 1),
    ]
    with pytest.raises(Conflict):
        tags.change(actor, first.id, name="Other")
    assert tags.change(actor, first.id, name="Late", colour="red").colour == "red"
    with pytest.raises(Invalid, match="A tag is gray"):
        tags.change(actor, first.id, colour="javascript:")
    with pytest.raises(NotFound):
        tags.remove(other_actor, first.id)
    tags.remove(actor, first.id)
    assert titles(actor, "tag:late") == []


def test_thousands_of_experiments_get_many_tags_at_once(unit, actor):
    many = [add(actor, f"Many {number}") for number in range(4200)]
    names = [f"tag {number}" for number in range(4)]
    assert len(tags.attach(actor, many, names)) == len(many)
    assert tags.attach(actor, many, names) == []
    assert {tag.n_experiments for tag in tags.list_tags(actor) if tag.name in names} == {4200}
    assert len(tags.detach(actor, many, names)) == len(many)


def test_kept_searches_are_own_shared_and_checked(unit, actor, other_actor):
    new = saved_searches.NewSearch("Best", "macro_f1:>0.9", {"sort": "-macro_f1"}, is_pinned=True)
    kept = saved_searches.save(actor, new)
    assert saved_searches.list_searches(actor)[0] == kept
    assert list(saved_searches.list_searches(other_actor)) == []
    with pytest.raises(Conflict):
        saved_searches.save(actor, new)
    for wrong in (
        saved_searches.NewSearch("x", "odd:1", {}),
        saved_searches.NewSearch("x", "", {"sort": "odd"}),
        saved_searches.NewSearch("x", "", {"columns": "odd"}),
        saved_searches.NewSearch("x", "", {"theme": "dark"}),
        saved_searches.NewSearch(" ", "", {}),
    ):
        with pytest.raises(Invalid):
            saved_searches.save(actor, wrong)
    with pytest.raises(NotFound):
        saved_searches.change(other_actor, kept.id, new)
    saved_searches.remove(actor, kept.id)


def test_an_alert_tells_once_of_a_newly_finished_match(ports, actor):
    with unit_of_work(ports):
        for name, query in (("Toys", "dataset:*tones status:completed"), ("None", "seed:99")):
            saved_searches.save(actor, saved_searches.NewSearch(name, query, {}, is_alert=True))
        config = ModelConfig("random-forest", 1, {"n_trees": 10})
        made = experiments.create(actor, NewExperiment("tones", "tones", config))
    assert run_job(ports, made.summary.job_id, "test worker") == "succeeded"
    with unit_of_work(ports):
        deliver_pending()
    with unit_of_work(ports):
        told = [note.title for note in notifications.list_notifications(actor).items]
    assert told.count(f"{made.summary.title} matches Toys") == 1
    assert not any(title.endswith("matches None") for title in told)


def test_an_alert_tells_of_a_training_that_failed_or_was_cancelled(ports, actor):
    with unit_of_work(ports):
        for name, query in (("Broken", "status:failed"), ("Stopped", "status:cancelled")):
            saved_searches.save(actor, saved_searches.NewSearch(name, query, {}, is_alert=True))
        config = ModelConfig("random-forest", 1, {"n_trees": 10})
        failing, stopped, trashed, gone = (
            experiments.create(actor, NewExperiment("tones", ref, config, title=title)).summary
            for ref, title in (
                ("broken", "Failing"),
                ("tones", "Stopping"),
                ("tones", "Trashed"),
                ("tones", "Gone"),
            )
        )
    assert run_job(ports, failing.job_id, "test worker") == "failed"
    with unit_of_work(ports):
        jobs.cancel(actor, stopped.job_id)
        experiment_changes.change(actor, Action.TRASH, [trashed.id])
        experiments.delete(actor, gone.id)
    with unit_of_work(ports):
        deliver_pending()
    with unit_of_work(ports):
        told = {note.title: note for note in notifications.list_notifications(actor).items}
    assert "A training that failed is found" in told["Failing matches Broken"].body
    assert "A training that was cancelled" in told["Stopping matches Stopped"].body
    assert told["Stopping matches Stopped"].link == experiments.result_path(stopped.id)
    matched = {title for title in told if " matches " in title and "Toys" not in title}
    assert matched == {"Failing matches Broken", "Stopping matches Stopped"}


def test_the_search_is_completed_with_what_is_in_use(unit, actor):
    one = add(actor, "One", score=0.9, ref_title="My CWRU", values={"n_trees": 3})
    tell(actor, one, "validation/loss", {1: 0.5})
    tags.attach(actor, [one], ["night run"])

    def queries_of(text):
        return [found.query for found in search_completion.complete(actor, text)]

    assert queries_of("seed:1 tag:ni") == ['seed:1 tag:"night run"']
    assert queries_of("dataset:my") == ['dataset:"My CWRU"']
    assert queries_of("best.val") == ["best.validation/loss:"]
    assert "param.n_trees:" in queries_of("param")
    assert queries_of("status:comp") == ["status:completed"]
    assert ("best.validation/loss",) * 2 in search_completion.column_choices(actor)


def test_check_41_the_list_is_served_by_an_index(ports, people, postgres_url):
    """A page out of 3,000 experiments reads a page of rows; seconds are for the benchmark."""
    many = people("Mary")
    with unit_of_work(ports):
        first = session().get(ExperimentRow, add(many, "First", score=0.5))
        names = set(ExperimentRow.__mapper__.c.keys()) - {"id", "accuracy", "searched"}
        kept = {name: getattr(first, name) for name in names}
        session().execute(insert(ExperimentRow), [kept | {"id": new_id()} for _ in range(3000)])
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("analyze experiments")
    with unit_of_work(ports):
        tree = parse("", NOW)
        search = queries.Search(tree, many.user_id, many.workspace_ids, order_of(""))
        plan = queries.plan(search, 100)
    assert "Index Scan Backward" in plan, plan
    read = [int(float(one)) for one in re.findall(r"rows=([0-9.]+) loops", plan)]
    assert max(read) <= 101, plan


def test_the_list_over_rest(web, actor):
    with unit_of_work(web.ports):
        ids = [add(actor, f"=cmd {n}", score=0.6 + n / 100, seed=40 + n) for n in range(3)]
    with web.signed_in(actor) as client:
        page = client.get("/api/v1/experiments", params={"query": "seed:40..42", "limit": 2}).json()
        assert [item["id"] for item in page["items"]] == ids[:0:-1]
        rest = {"query": "seed:40..42", "limit": 2, "cursor": page["next_cursor"]}
        page = client.get("/api/v1/experiments", params=rest).json()
        assert [item["id"] for item in page["items"]] == ids[:1]
        wrong = client.get("/api/v1/experiments", params={"query": "seed:40 ("})
        assert (wrong.status_code, wrong.json()["details"]["position"]) == (422, 10)
        done = client.post(
            "/api/v1/experiments/changes",
            json={"action": "tag", "query": "seed:40..42", "tags": ["rest"]},
        ).json()
        assert (sorted(done["ids"]), done["undo"]) == (sorted(ids), "untag")
        asked = {"query": "tag:rest", "columns": "title,tags,best.loss"}
        taken = client.get("/api/v1/experiments/export", params=asked)
        table = list(csv.reader(io.StringIO(taken.text)))
        assert table[0] == ["id", "title", "tags", "best.validation/loss"]
        assert [row[1] for row in table[1:]] == [f"'=cmd {n}" for n in (2, 1, 0)]
        assert taken.headers["x-total-count"] == "3"
        asked = {"query": "tag:rest", "format": "json"}
        as_json = client.get("/api/v1/experiments/export", params=asked)
        assert [row["tags"] for row in as_json.json()] == [["rest"]] * 3
        groups = client.get("/api/v1/experiments", params={"query": "tag:rest", "group": "model"})
        assert groups.json()["groups"][0]["spreads"]["macro_f1"]["n"] == 3
        tag = next(
            one for one in client.get("/api/v1/tags").json()["items"] if one["name"] == "rest"
        )
        assert tag["n_experiments"] == 3
        red = client.patch(f"/api/v1/tags/{tag['id']}", json={"colour": "red"}).json()
        assert red["colour"] == "red"
        kept = client.post("/api/v1/saved-searches", json={"name": "R", "query": "tag:rest"}).json()
        assert client.get(f"/api/v1/saved-searches/{kept['id']}").json()["query"] == "tag:rest"
        assert client.delete(f"/api/v1/experiments/{ids[0]}").status_code == 204
        assert client.get(f"/api/v1/experiments/{ids[0]}").status_code == 404
        both = client.post("/api/v1/experiments/changes", json={"action": "pin"})
        assert both.status_code == 422
        told = client.get("/api/v1/experiments/completions", params={"text": "sta"}).json()
        assert told[0]["label"] == "status:"
        columns = client.get("/api/v1/experiments/columns").json()
        assert any(one["key"] == "macro_f1" for one in columns)


def test_the_list_in_the_terminal(ports):
    with unit_of_work(ports):
        boss = accounts.actor_for(accounts.first_administrator().id)
        for seed in (61, 62):
            add(boss, f"Terminal {seed}", score=0.9 + seed / 1000, seed=seed)
    token = LOCAL.set(LocalAccess(lambda: ports))
    app = typer.Typer()
    for name, command in COMMANDS:
        if name in {"experiments", "tag"}:
            app.command(name)(command)

    def said(*words):
        return CliRunner().invoke(app, words)

    try:
        tagged = said("tag", "seed:61..62", "--add", "shell")
        assert "2 of 2 experiments changed: tag shell" in tagged.output
        told = said("experiments", "tag:shell", "--sort=-macro_f1", "--columns=title,macro_f1")
        lines = ["Terminal 62  0.962", "Terminal 61  0.961", "2 found"]
        assert told.output.splitlines()[1:] == lines
        assert '"Terminal 61"' in said("experiments", "tag:shell", "--json").output
        assert "id,title" in said("experiments", "seed:61", "--csv", "--columns=title").output
        assert "Macro-F1: 0.9615 ±" in said("experiments", "tag:shell", "--group=model").output
        wrong = said("experiments", "tag:shell (")
        assert (wrong.exit_code, "Character 12" in wrong.output) == (2, True)
        assert said("tag", "seed:61").exit_code == 2
        assert said("tag", "seed:61999", "--add", "x").exit_code == 2
    finally:
        LOCAL.reset(token)
