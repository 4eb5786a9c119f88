"""Dialogs of the list of experiments: give tags, look after tags, keep a search."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.tags import COLOURS, LONGEST, Tag
from sonde.learning.ui.experiments.ids import ExperimentsId, ExperimentsType
from sonde.platform.ui.components import empty_state
from sonde.platform.ui.icons import icon
from sonde.platform.ui.wording import count


def tagging(names: Sequence[str]) -> Any:
    """Return the dialog that gives and takes tags."""
    return dmc.Modal(
        [
            # room for what is offered, so that it never lies over the buttons
            html.Div(
                dmc.TagsInput(
                    id=ExperimentsId.TAG_NAMES,
                    data=list(names),
                    value=[],
                    label="Tags",
                    description="Choose, or write a new one of up to 40 characters and press "
                    "Enter.",
                    maxTags=20,
                    acceptValueOnBlur=True,
                    maxDropdownHeight=150,
                    comboboxProps={"withinPortal": False, "position": "bottom"},
                    **{"data-autofocus": True},
                ),
                className="sonde-dialog-room",
            ),
            html.Div(
                [act_button("Take away", "untag"), act_button("Give", "tag", variant="filled")],
                className="sonde-row sonde-dialog-foot",
            ),
        ],
        id=ExperimentsId.TAG_MODAL,
        title="Tag the chosen experiments",
        opened=False,
        closeButtonProps={"aria-label": "Close"},
    )


def tag_keeping() -> Any:
    """Return the dialog that shows every tag, its colour and how much it is used."""
    adding = html.Div(
        [
            dmc.TextInput(
                id=ExperimentsId.TAG_NEW,
                value="",
                placeholder="A new tag",
                size="xs",
                className="sonde-grow",
                inputProps={"maxLength": LONGEST},
                **{"aria-label": "Name of a new tag"},
            ),
            dmc.Button(
                "Add",
                id=ExperimentsId.TAG_ADD,
                size="xs",
                variant="default",
                leftSection=icon("tabler:plus", 14),
            ),
        ],
        className="sonde-row",
    )
    return dmc.Modal(
        [adding, html.Div(id=ExperimentsId.TAGS_BODY, className="sonde-dialog-part")],
        id=ExperimentsId.TAGS_MODAL,
        title="Tags of this workspace",
        size="lg",
        opened=False,
        closeButtonProps={"aria-label": "Close"},
    )


def tag_list(tags: Sequence[Tag]) -> Any:
    """Return every tag with its colour, its name and how many experiments carry it."""
    if not tags:
        return empty_state(
            "No tags yet",
            "Name one above, or choose experiments in the list and press Tag.",
            icon_name="tabler:tag",
        )
    return html.Ul([_tag(tag) for tag in tags], className="sonde-plain-list sonde-tag-list")


def _tag(tag: Tag) -> Any:
    used = "1 experiment" if tag.n_experiments == 1 else f"{count(tag.n_experiments)} experiments"
    return html.Li(
        [
            html.Span(className=f"sonde-tag-dot is-{tag.colour}"),
            dmc.TextInput(
                id={"type": ExperimentsType.TAG_NAME, "tag": tag.id},
                value=tag.name,
                size="xs",
                debounce=True,
                className="sonde-grow",
                inputProps={"maxLength": LONGEST},
                **{"aria-label": f"Name of the tag {tag.name}"},
            ),
            dmc.Select(
                id={"type": ExperimentsType.TAG_COLOUR, "tag": tag.id},
                data=list(COLOURS),
                value=tag.colour,
                size="xs",
                w=110,
                allowDeselect=False,
                comboboxProps={"withinPortal": False},
                **{"aria-label": f"Colour of the tag {tag.name}"},
            ),
            html.Span(used, className="sonde-dim sonde-small"),
            _deleting(tag, used),
        ],
        className="sonde-row",
    )


def _deleting(tag: Tag, used: str) -> Any:
    """Return the way to delete a tag, which is asked about once more."""
    button = dmc.ActionIcon(
        icon("tabler:trash", 14),
        variant="subtle",
        color="gray",
        **{"aria-label": f"Delete the tag {tag.name}"},
    )
    words = f"Delete it from {used} for good" if tag.n_experiments else "Delete it for good"
    return asked_once_more(
        button, words, {"type": ExperimentsType.TAG_GONE, "tag": tag.id}, in_dialog=True
    )


def asked_once_more(button: Any, words: str, id: Any, *, in_dialog: bool = False) -> Any:
    """Return a button that opens a second one, which does what cannot be taken back."""
    return dmc.Menu(
        [
            dmc.MenuTarget(button),
            dmc.MenuDropdown(
                dmc.MenuItem(words, id=id, color="red", leftSection=icon("tabler:trash", 14))
            ),
        ],
        position="bottom-end",
        withinPortal=not in_dialog,
    )


def keeping() -> Any:
    """Return the dialog that keeps a search."""
    flags = (
        ("pinned", "Pin it: it stands first"),
        ("shared", "Share it with the workspace"),
        ("alert", "Tell me when an experiment that has ended matches"),
    )
    return dmc.Modal(
        [
            dmc.TextInput(
                id=ExperimentsId.SAVE_NAME,
                label="Name",
                value="",
                inputProps={"maxLength": 80},
                **{"data-autofocus": True},
            ),
            dmc.CheckboxGroup(
                html.Div(
                    [dmc.Checkbox(label=label, value=value) for value, label in flags],
                    className="sonde-stack sonde-dialog-part",
                ),
                id=ExperimentsId.SAVE_FLAGS,
                value=[],
            ),
            html.P(
                "Kept are the search, the columns, the order and the grouping. Its link can be "
                "sent to anybody who may see the experiments.",
                className="sonde-dim sonde-small",
            ),
            html.Div(
                dmc.Button("Save", id=ExperimentsId.SAVE), className="sonde-row sonde-dialog-foot"
            ),
        ],
        id=ExperimentsId.SAVE_MODAL,
        title="Save this search",
        opened=False,
        closeButtonProps={"aria-label": "Close"},
    )


def act_button(
    text: str, action: str, icon_name: str = "", variant: str = "default", place: str = ""
) -> Any:
    """Return a button that does something to the chosen experiments, in one place or in all."""
    return dmc.Button(
        text,
        id={"type": ExperimentsType.ACT, "action": action},
        size="compact-sm" if icon_name else "sm",
        variant=variant,
        className=f"is-for-{place}" if place else "",
        leftSection=icon(icon_name, 14) if icon_name else None,
    )
