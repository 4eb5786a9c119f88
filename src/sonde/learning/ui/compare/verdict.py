"""The verdict: a sentence for people first, the tests behind it folded away."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.comparison.comparison import Comparison
from sonde.learning.core.comparison.diagram import diagram_of
from sonde.learning.core.comparison.effect_sizes import size_word
from sonde.learning.core.comparison.pairs import Chosen, Outcome, Pair
from sonde.learning.core.comparison.wording import p_text
from sonde.learning.ui.compare.figures import gap_figure, rank_figure, shorts
from sonde.learning.ui.compare.ids import CompareId, CompareType
from sonde.learning.ui.compare.state import CompareState
from sonde.platform.ui.components import badge, card, facts, stack
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone

_MARKS: Final = {
    Outcome.EQUAL: ("Practically equal", Tone.INFO),
    Outcome.UNKNOWN: ("Cannot tell", Tone.WARN),
}


def setting(name: str) -> dict[str, str]:
    """Return the identifier of a control."""
    return {"type": CompareType.SETTING.value, "name": name}


def verdict_tab(found: Comparison, state: CompareState) -> list[Any]:
    """Return the tab."""
    chosen = state.pair or _best_two(found)
    pair = next(one for one in found.pairs if (one.first, one.second) == chosen)
    if len(found.titles) == 2:
        return [_pair_card(found, pair, state)]
    return [_matrix_card(found), *_rank_card(found), _pair_card(found, pair, state)]


def _best_two(found: Comparison) -> tuple[int, int]:
    by_score = sorted(range(len(found.titles)), key=lambda at: -found.metrics[at][0].value)
    first, second = sorted(by_score[:2])
    return first, second


def _rank_card(found: Comparison) -> list[Any]:
    if found.overall is None:
        return []
    diagram = diagram_of(found.overall, found.titles)
    rows = [[place.title, f"{place.rank:.2f}"] for place in diagram.places]
    chart = graph(
        rank_figure(diagram, found.titles),
        id=CompareId.RANKS.value,
        name="Critical-difference diagram",
        summary=f"Mean rank over {found.overall.n} {found.unit_noun}s; a bar joins experiments "
        f"whose mean ranks are less than {diagram.reach:.2f} apart, which are not told apart.",
        twin=Twin((Column("Experiment"), Column("Mean rank", numeric=True)), rows),
        height=120 + 30 * len(rows) + 12 * len(diagram.bars),
    )
    how = facts(
        [
            ("Friedman (Iman and Davenport)", f"{p_text(found.overall.p_value)}"),
            (
                "Chi-square",
                f"{found.overall.chi_square:.2f}, {p_text(found.overall.p_chi_square)}",
            ),
            ("Kendall's W", f"{found.overall.kendall_w:.2f} (0: no agreement, 1: full)"),
            ("Critical difference (Nemenyi, 5 %)", f"{found.overall.critical_difference:.2f}"),
        ]
    )
    return [
        card(
            [html.P(found.overall_sentence, className="sonde-strong"), chart, _folded(how)],
            title="All together",
        )
    ]


def _matrix_card(found: Comparison) -> Any:
    by_places = {(pair.first, pair.second): pair for pair in found.pairs}
    columns = (Column("Experiment"), *(Column(f"{at + 1}") for at in range(len(found.titles))))
    rows = []
    for row, title in enumerate(shorts(found.titles, 40)):
        cells: list[Any] = [html.Span(f"{row + 1}. {title}", className="sonde-table-name")]
        for column in range(len(found.titles)):
            pair = by_places.get((min(row, column), max(row, column)))
            seen = "" if pair is None else _seen_from(pair, row)
            cells.append(html.Div(seen, className="sonde-whole-badge"))
        rows.append(cells)
    return card(
        plain_table(columns, rows),
        title="Each against each",
        description="Read along a row: better or worse than the experiment of the column, after "
        "correction for the number of pairs.",
    )


def _seen_from(pair: Pair, row: int) -> Any:
    if pair.outcome in _MARKS:
        words, tone = _MARKS[pair.outcome]
        return badge({"Practically equal": "equal", "Cannot tell": "?"}[words], tone, hint=words)
    is_better = (pair.outcome is Outcome.FIRST) == (pair.first == row)
    return badge("better", Tone.GOOD) if is_better else badge("worse", Tone.NEUTRAL)


def _pair_card(found: Comparison, pair: Pair, state: CompareState) -> Any:
    at = found.pairs.index(pair)
    one, other = found.titles[pair.first], found.titles[pair.second]
    gap = pair.difference
    chart = graph(
        gap_figure(gap, one, other),
        id=CompareId.GAP.value,
        name="Difference of macro-F1",
        summary=f"{one} less {other}: {gap.value:+.3f}, 95 % interval {gap.low:+.3f} to "
        f"{gap.high:+.3f} over {found.unit_noun}s. Where it holds zero, either may be better.",
        height=150,
    )
    chooser = [] if len(found.titles) == 2 else [_pair_choice(found, pair)]
    return card(
        stack(
            [
                *chooser,
                html.Div(_mark(pair), className="sonde-row"),
                html.P(found.sentences[at], className="sonde-strong"),
                chart,
                _bayes(found, pair),
                _folded(stack(_details(found, pair, state))),
            ]
        ),
        title="The verdict" if len(found.titles) == 2 else "A pair closely",
    )


def _mark(pair: Pair) -> list[Any]:
    words, tone = _MARKS.get(pair.outcome, ("One is better", Tone.GOOD))
    return [badge(words, tone)]


def _pair_choice(found: Comparison, pair: Pair) -> Any:
    data = [
        {
            "value": f"{one.first}-{one.second}",
            "label": f"{found.titles[one.first]} and {found.titles[one.second]}",
        }
        for one in found.pairs
    ]
    return dmc.Select(
        id=setting("pair"),
        label="Pair",
        data=data,
        value=f"{pair.first}-{pair.second}",
        searchable=True,
        allowDeselect=False,
        maw=520,
    )


def _bayes(found: Comparison, pair: Pair) -> Any:
    told = pair.bayesian
    parts = (
        (told.p_first, f"{found.titles[pair.first]} better", "is-first"),
        (told.p_equal, "practically equal", "is-equal"),
        (told.p_second, f"{found.titles[pair.second]} better", "is-second"),
    )
    bars = [
        html.Span(className=f"sonde-thirds-{kind}", style={"width": f"{share:.2%}"})
        for share, _, kind in parts
    ]
    words = ", ".join(f"{name} {share:.0%}" for share, name, _ in parts)
    keys = [
        html.Span([html.I(className=f"sonde-key sonde-thirds-{kind}"), f"{name}: {share:.0%}"])
        for share, name, kind in parts
    ]
    return html.Div(
        [
            html.Div(
                f"How probable each is, if up to {pair.bayesian.rope:.1%} of the windows count as "
                "equal",
                className="sonde-stat-label sonde-dim",
            ),
            html.Div(bars, className="sonde-thirds", role="img", **{"aria-label": words}),
            html.Div(keys, className="sonde-legend"),
        ]
    )


def _details(found: Comparison, pair: Pair, state: CompareState) -> Sequence[Any]:
    ranks, table, noun = pair.signed_rank, pair.mcnemar, found.unit_noun
    used = pair.choice.test
    rows: list[tuple[str, Any]] = [
        ("Test that decides", f"{used.value}. {pair.choice.reason}"),
        ("Its p-value", f"{p_text(pair.p_value)}; after Holm {p_text(pair.p_holm)}"),
        (
            "Wilcoxon signed rank",
            f"{p_text(ranks.p_value)}, {'exact' if ranks.is_exact else 'normal approximation'};"
            f" {ranks.n} {noun}s differ, {ranks.n_zero} do not",
        ),
        (
            "Effect",
            f"rank biserial {ranks.rank_biserial:+.2f} ({size_word(ranks.rank_biserial)}); "
            f"A12 = {pair.a12:.2f}",
        ),
        (
            "McNemar on verdicts",
            f"{p_text(table.p_value)} (mid {p_text(table.mid_p)}); only the first right on "
            f"{table.only_first}, only the second on {table.only_second}, both on {table.both}, "
            f"neither on {table.neither}; odds ratio {table.odds_ratio:.2f}, "
            f"Cohen's g {table.cohen_g:+.2f}",
        ),
    ]
    if used is not Chosen.NONE and pair.n_needed is not None:
        rows.append((f"{noun.capitalize()}s needed", f"about {pair.n_needed:,} for a power of 0.8"))
    return [facts(rows), _rope(state)]


def _rope(state: CompareState) -> Any:
    return dmc.NumberInput(
        id=setting("rope"),
        label="Counts as equal",
        description="Largest difference of the share of right windows, in percent.",
        value=round(100 * state.rope, 3),
        min=0,
        max=20,
        step=0.5,
        suffix=" %",
        debounce=700,
        maw=260,
    )


def _folded(content: Any) -> Any:
    return html.Details([html.Summary("How this was tested"), content], className="sonde-twin")
