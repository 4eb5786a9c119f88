"""Replays: recorded prices as if they came now, with their controls."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.markets.core.prices.checking import when
from sonde.markets.core.prices.series import Series
from sonde.markets.services.replays import MOST_SERIES, Replay
from sonde.markets.ui.market_data.ids import DataType, ReplayId
from sonde.platform.ui.components import badge, card, empty_state, stack
from sonde.platform.ui.icons import icon
from sonde.platform.ui.theme import Tone

SPEEDS: Final = (1, 10, 60, 600, 3600, 86_400)


def replay_card(stored: Sequence[Series], replays: Sequence[Replay], *, may_act: bool) -> Any:
    """Return the replays and the form that makes one."""
    return card(
        stack(
            [
                html.Div(_form(stored), hidden=not may_act),
                html.Div(replay_list(replays), id=ReplayId.LIST, className="sonde-stack"),
                dcc.Interval(
                    id=ReplayId.TICK,
                    interval=2000,
                    disabled=not any(one.is_playing for one in replays),
                ),
            ]
        ),
        title="Replay",
        description="Stored candles as if they came now; quotes, charts and paper accounts "
        "follow it.",
    )


def replay_list(replays: Sequence[Replay]) -> Any:
    """Return the replays with their controls, or what to do first."""
    if not replays:
        return [
            empty_state(
                "No replay",
                "Choose stored series above and press Make a replay: it plays what happened as if "
                "it came now.",
                icon_name="tabler:player-play",
            )
        ]
    return [_replay(one) for one in replays]


def replay_options(stored: Sequence[Series]) -> list[dict[str, str]]:
    """Return the series that can be replayed."""
    return [{"value": one.id, "label": one.key} for one in stored if one.n_bars]


def replay_place(replay: Replay) -> Any:
    """Return where a replay stands."""
    state = replay.state
    part = (replay.position_ms - state.start_ms) / (state.end_ms - state.start_ms)
    tone, word = (Tone.NEUTRAL, "paused")
    if replay.is_over:
        word = "at its end"
    elif replay.is_playing:
        tone, word = Tone.GOOD, "playing"
    return [
        html.Div(
            [
                html.Span(when(replay.position_ms // 1000 * 1000)),
                badge(word, tone),
                html.Span(f"at {state.speed:,g} times", className="sonde-dim"),
            ],
            className="sonde-row",
        ),
        dmc.Progress(
            value=round(100 * part, 2), size="sm", **{"aria-label": f"Position of {replay.title}"}
        ),
    ]


def _replay(replay: Replay) -> Any:
    head = html.Div(
        [
            html.Span(replay.title, className="sonde-job-title"),
            html.Span(", ".join(replay.keys), className="sonde-dim"),
        ],
        className="sonde-job-head",
    )
    place = html.Div(
        replay_place(replay),
        id={"type": DataType.REPLAY_PLACE.value, "replay": replay.id},
        className="sonde-stack",
    )
    return html.Div([head, place, _controls(replay)], className="sonde-job")


def _controls(replay: Replay) -> Any:
    play = ("pause", "Pause", "player-pause") if replay.is_playing else _PLAY
    return html.Div(
        [
            _button(replay, *play),
            dmc.Select(
                id={"type": DataType.REPLAY_SPEED.value, "replay": replay.id},
                label="Speed",
                data=_speeds(replay.state.speed),
                value=f"{replay.state.speed:g}",
                allowDeselect=False,
                size="xs",
                w=130,
            ),
            dmc.TextInput(
                id={"type": DataType.REPLAY_SEEK.value, "replay": replay.id},
                label="Go to (UTC)",
                placeholder=when(replay.state.start_ms).removesuffix(" UTC"),
                value="",
                size="xs",
                w=170,
            ),
            _button(replay, "set", "Set", "check"),
            _button(replay, "remove", "Remove", "x"),
        ],
        className="sonde-look-bar",
    )


_PLAY: Final = ("play", "Play", "player-play")


def _speeds(own: float) -> list[dict[str, str]]:
    speeds = sorted({float(own), *map(float, SPEEDS)})
    return [{"value": f"{speed:g}", "label": f"{speed:,g} times"} for speed in speeds]


def _button(replay: Replay, act: str, text: str, mark: str) -> Any:
    return dmc.Button(
        text,
        id={"type": DataType.REPLAY.value, "act": act, "replay": replay.id},
        size="compact-sm",
        variant="default",
        leftSection=icon(f"tabler:{mark}", 14),
        **{"aria-label": f"{text}: {replay.title}"},
    )


def _form(stored: Sequence[Series]) -> Any:
    return html.Div(
        [
            dmc.MultiSelect(
                id=ReplayId.SERIES,
                label="Series",
                data=replay_options(stored),
                value=[],
                placeholder="Choose one or more",
                maxValues=MOST_SERIES,
                searchable=True,
                className="sonde-look-find",
            ),
            dmc.Select(
                id=ReplayId.SPEED,
                label="Speed",
                data=_speeds(60),
                value="60",
                allowDeselect=False,
                w=140,
            ),
            dmc.Button(
                "Make a replay", id=ReplayId.MAKE, leftSection=icon("tabler:player-play", 16)
            ),
        ],
        className="sonde-look-bar",
    )
