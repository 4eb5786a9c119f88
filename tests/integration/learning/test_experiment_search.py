"""The search language on the real PostgreSQL: what it finds, and what it can never do."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql_text

from sonde.learning.core.experiment_changes import Action
from sonde.learning.core.experiment_list import ListQuery
from sonde.learning.core.search.parser import parse
from sonde.learning.core.search.syntax import SearchError
from sonde.learning.persistence.experiment_search import queries
from sonde.learning.services import experiment_search, tags
from sonde.learning.services.experiment_changes import change
from sonde.platform.core.errors import Invalid
from sonde.platform.persistence.database import session
from sonde.platform.services.work import unit_of_work
from tests.integration.learning.listed_experiments import NOW, add, tell

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def made(ports, actor, other_actor):
    """Five experiments of Ada's and one of Grace's."""
    with unit_of_work(ports):
        ids = {
            "one": add(actor, "Night run", score=0.97, accuracy=0.98, values={"n_trees": 300},
                       created_at=NOW - timedelta(days=1)),
            "two": add(actor, "Day run", score=0.85, accuracy=0.9, values={"n_trees": 100},
                       model="resnet-18", ref_title="CWRU 12k"),
            "leaky": add(actor, "100% right_now", score=0.99, is_honest=False, model="resnet-34",
                         policy="random-windows", leaky_macro_f1=0.99, notes="too good"),
            "failed": add(actor, "No end", finished_at=None, seed=7, values={"kernel": "rbf"}),
            "kept": add(actor, "Old", score=0.5, archived_at=NOW),
        }  # fmt: skip
        other = add(other_actor, "Night run of somebody else", score=0.97)
        tell(actor, ids["one"], "validation/loss", {1: 0.9, 2: 0.4, 3: 0.6})
        tell(actor, ids["two"], "validation/loss", {5: 0.8, 10: 0.3, 20: 0.7})
        tell(actor, ids["one"], "validation/accuracy", {1: 0.5, 2: 0.95, 3: 0.93})
        tags.attach(actor, [ids["one"], ids["two"]], ["baseline"])
        tags.attach(actor, [ids["two"]], ["second look"])
        tags.attach(other_actor, [other], ["baseline"])
    return ids


def found(actor, made, query, **how):
    names = {value: name for name, value in made.items()}
    listed = experiment_search.find(actor, ListQuery(query, **how))
    assert listed.total >= len(listed.rows)
    return [names[row.id] for row in listed.rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"one", "two", "leaky", "failed"}),
        ("night", {"one"}),
        ("tag:baseline", {"one", "two"}),
        ("tag:second*", {"two"}),
        ('tag:"second look" OR is:leaky', {"two", "leaky"}),
        ("tag:baseline accuracy:>0.95 status:completed split:honest", {"one"}),
        ("model:resnet*", {"two", "leaky"}),
        ('model:"Random forest"', {"one", "failed"}),
        ("macro_f1:0.8..0.9", {"two"}),
        ("NOT macro_f1:>0.9", {"two", "failed"}),
        ("best.validation/loss:<0.35", {"two"}),
        ("validation/loss:>0.65", {"two"}),
        ("loss@2:<0.5", {"one"}),
        ("loss@10:<0.5", {"two"}),
        ("loss@11:<0.5", set()),
        ("best.validation/accuracy:>0.9", {"one"}),
        ("param.n_trees:>100", {"one"}),
        ("param.kernel:RBF", {"failed"}),
        ("created:<=2026-11-20", {"one"}),
        ("created:2026-11-21..", {"two", "leaky", "failed"}),
        ("finished:2026-11-21", {"one", "two", "leaky"}),
        ("status:failed", {"failed"}),
        ("seed:7", {"failed"}),
        ("duration:5..15", {"two", "leaky"}),
        ("owner:me owner:ada", {"one", "two", "leaky", "failed"}),
        ("dataset:cwru*", {"two"}),
        ('dataset:"CWRU 12k",tones', {"one", "two", "leaky", "failed"}),
        ("notes:good has:notes", {"leaky"}),
        ("NOT has:tag", {"leaky", "failed"}),
        ("is:archived", {"kept"}),
        ('"100% right_now"', {"leaky"}),
        ("title:%", {"leaky"}),
        ("title:_", {"leaky"}),
        ("(night OR day) -tag:second*", {"one"}),
        ("split:random-windows", {"leaky"}),
        ("family:x", set()),
    ],
)
def test_acceptance_search_finds_what_it_says(unit, actor, made, query, expected):
    assert set(found(actor, made, query)) == expected


COMPLEMENTED = (
    "night", "accuracy:>0.9", "tag:baseline", "param.n_trees:>1", "loss@2:<9", "has:score",
    "finished:>2020-01-01", "status:completed", "a OR macro_f1:<0.9",
)  # fmt: skip


def test_not_is_the_complement_of_every_search(unit, actor, made):
    everything = set(found(actor, made, ""))
    for query in COMPLEMENTED:
        inside = set(found(actor, made, query))
        assert set(found(actor, made, f"NOT ({query})")) == everything - inside


SORTS = (
    "-macro_f1", "title", "-accuracy", "created", "-best.loss", "param.n_trees", "loss@2",
    "finished",
)  # fmt: skip


def test_columns_sort_and_page_by_anything(unit, actor, made):
    by_step = ListQuery("has:score", "loss@2", ("title", "loss@2", "best.loss", "param.n_trees"))
    listed = experiment_search.find(actor, by_step)
    assert listed.rows[0].summary.title == "Night run"
    assert dict(listed.rows[0].values) == {
        "validation/loss@2": 0.4, "best.validation/loss": 0.4, "param.n_trees": "300"
    }  # fmt: skip
    for sort in SORTS:
        whole = found(actor, made, "", sort=sort)
        seen, cursor = [], ""
        while True:
            part = experiment_search.page(actor, ListQuery("", sort, limit=3), cursor=cursor)
            seen += [row.id for row in part.items]
            cursor = part.next_cursor
            if not cursor:
                break
        assert seen == [made[name] for name in whole], sort
    with pytest.raises(Invalid, match="cursor leads nowhere"):
        experiment_search.page(actor, ListQuery(), cursor="WyJ4Il0")
    with pytest.raises(Invalid, match="no column"):
        experiment_search.find(actor, ListQuery(columns=("odd",)))


def test_families_have_a_mean_with_an_interval_and_single_seeds_have_none(unit, actor, made):
    family = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    for seed, score in enumerate((0.88, 0.90, 0.92)):
        add(actor, f"Seed {seed}", score=score, seed=seed, family_id=family)
    listed = experiment_search.groups(actor, ListQuery(f"family:{family} OR night"), "family")
    seeds, single = listed.rows
    assert (seeds.key, seeds.n, seeds.title) == (family, 3, "Seed 0")
    spread = seeds.spreads["macro_f1"]
    assert spread.mean == pytest.approx(0.9)
    assert spread.high - spread.mean == pytest.approx(4.302653 * 0.02 / 3**0.5, rel=1e-5)
    assert single.spreads["macro_f1"].low is None


def test_pinned_ones_come_first_and_the_export_is_whole(unit, actor, made):
    change(actor, Action.PIN, [made["one"]])
    assert found(actor, made, "")[0] == "one"
    export = experiment_search.export(actor, ListQuery("", columns=("title",)))
    assert (export.total, [column.key for column in export.columns]) == (4, ["id", "title"])


def test_words_in_titles_come_before_words_in_notes_unless_an_order_is_asked(unit, actor, made):
    wanted = {
        "noted": add(actor, "Later", score=0.6, notes="like the night run", created_at=NOW),
    }
    names = made | wanted
    assert found(actor, names, "night") == ["one", "noted"]
    assert found(actor, names, "night", sort="-created") == ["noted", "one"]
    assert found(actor, names, "night", sort="macro_f1") == ["noted", "one"]
    assert found(actor, names, "night -title:night") == ["noted"]


def test_a_search_is_summed_up_by_state_and_leaks(unit, actor, made):
    summed = experiment_search.summary(actor, "")
    assert {state.value: n for state, n in summed.by_state.items()} == {"succeeded": 3, "failed": 1}
    assert summed.n_leaky == 1
    assert experiment_search.summary(actor, "title:nothing").by_state == {}


INJECTIONS = (
    "' OR '1'='1", "'; DROP TABLE experiments; --", "1; SELECT pg_sleep(9)--",
    "' UNION SELECT null--",
    "\\'; --", "') OR 1=1--", '" OR ""="', "$$; DROP TABLE tags; $$", "%' AND 1=(SELECT 1)--",
    "a'||(SELECT version())||'", "0x27", "/**/OR/**/1=1",
    "'; COPY experiments TO PROGRAM 'id'; --",
    "{{7*7}}", "%s %(x)s :x ?", "\u02bc OR 1=1", "' AND EXTRACTVALUE(1,1)--", "1 AND SLEEP(5)",
)  # fmt: skip
FIELDS = ("tag", "title", "model", "dataset", "owner", "notes", "split", "id", "family", "param.x")


@pytest.mark.parametrize("field", ["", *FIELDS])
def test_check_16_no_text_becomes_sql(unit, actor, made, field):
    for attack in INJECTIONS:
        quoted = '"' + attack.replace("\\", "\\\\").replace('"', '\\"') + '"'
        query = f"{field}:{quoted}" if field else quoted
        tree = parse(query, NOW)
        search = queries.Search(tree, actor.user_id, actor.workspace_ids, _newest())
        written = str(search.condition().compile(session().connection()))
        assert attack not in written
        assert found(actor, made, query) == []
    name = 'param.x"]; DROP TABLE tags; --'
    with pytest.raises(SearchError):
        experiment_search.find(actor, ListQuery(f"{name}:1"))
    assert session().scalar(sql_text("select count(*) from tags")) >= 3


_PARTS = st.sampled_from(
    ["tag:", "title:", "param.a:", "best.x/y:", "loss@3:", "macro_f1:", "created:", "'", '"', "--",
     ";", "%", "_", "\\", "*", "(", ")", " OR ", " NOT ", " ", ">", "..", "0.5", "night", "7d", ","]
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=60), st.lists(_PARTS, max_size=12).map("".join)))
def test_check_16_any_text_is_answered_with_rows_of_ones_own(unit, actor, made, text):
    try:
        listed = experiment_search.find(actor, ListQuery(text))
    except SearchError as error:
        assert error.position >= 1  # noqa: PT017
        return
    assert {row.id for row in listed.rows} <= set(made.values())


def test_check_17_a_search_that_takes_too_long_is_stopped_with_a_sentence(ports):
    with (
        pytest.raises(Invalid, match=r"takes longer than 0\.05 seconds"),
        unit_of_work(ports),
        queries.capped(50),
    ):
        session().execute(sql_text("select pg_sleep(3)"))


def _newest():
    from sonde.learning.core.search.columns import order_of

    return order_of("")
