"""Tables: a plain one for a few rows, AG Grid for many; light and dark follow the theme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html
from dash_ag_grid import AgGrid

PAGE_ROWS: Final = 100
_ROW_HEIGHT: Final = 44


@dataclass(frozen=True)
class Column:
    """One column.

    Parameters
    ----------
    title : str
    field : str
        Key of the row's value; unused in plain tables, which take values in order.
    numeric : bool
        Right-aligned figures.
    width : int, optional
        In pixels; grows otherwise.
    sortable, searchable : bool
        In a grid, whether people may sort and filter by it.
    options : mapping, optional
        Further column options of AG Grid, such as a ``cellRenderer``.
    """

    title: str
    field: str = ""
    numeric: bool = False
    width: int | None = None
    sortable: bool = True
    searchable: bool = False
    options: Mapping[str, Any] | None = None


def plain_table(columns: Sequence[Column], rows: Sequence[Sequence[Any]], **properties: Any) -> Any:
    """Return a small table of values or components; scrolls sideways when it must."""
    head = dmc.TableTr(
        [dmc.TableTh(column.title, className=_alignment(column)) for column in columns]
    )
    body = [
        dmc.TableTr(
            [
                dmc.TableTd(value, className=_alignment(column))
                for column, value in zip(columns, row, strict=True)
            ]
        )
        for row in rows
    ]
    table = dmc.Table(
        [dmc.TableThead(head), dmc.TableTbody(body)],
        className="sonde-table",
        verticalSpacing="xs",
        **properties,
    )
    return html.Div(table, className="sonde-scroll-x", tabIndex=0)


def grid(
    columns: Sequence[Column],
    *,
    id: Any,
    name: str,
    rows: Sequence[Mapping[str, Any]] | None = None,
    height: int | None = None,
    clickable: bool = False,
    options: Mapping[str, Any] | None = None,
) -> Any:
    """Return a grid of `rows` (each with an ``id``), or one that asks for them if there are none.

    An asking grid sends ``getRowsRequest`` (``startRow``, ``endRow``, ``sortModel``,
    ``filterModel``) and takes ``getRowsResponse``: see `rows_response`. A grid that holds its
    rows is no higher than they are, and at most `height` pixels.
    """
    grid_options: dict[str, Any] = {
        "theme": {"function": "sondeGridTheme(themeQuartz)"},
        "rowHeight": _ROW_HEIGHT,
        "headerHeight": 40,
        "suppressCellFocus": False,
        "ensureDomOrder": True,
        "animateRows": False,
        # what is below the fold is there for print, find and screen readers too
        "suppressContentVisibilityAuto": True,
        "localeText": {"noRowsToShow": "Nothing to show"},
    }
    if rows is None:
        grid_options |= {
            "cacheBlockSize": PAGE_ROWS,
            "maxBlocksInCache": 20,
            "rowBuffer": 10,
            "infiniteInitialRowCount": 1,
        }
    elif height is None or len(rows) * _ROW_HEIGHT < height:
        grid_options["domLayout"] = "autoHeight"
        height = None
    table = AgGrid(
        id=id,
        columnDefs=[_definition(column, infinite=rows is None) for column in columns],
        defaultColDef={"resizable": True, "flex": 1, "minWidth": 90},
        rowModelType="infinite" if rows is None else "clientSide",
        getRowId="params.data.id",
        dashGridOptions=grid_options | dict(options or {}),
        className="sonde-grid is-clickable" if clickable else "sonde-grid",
        style={"height": f"{height or 520}px" if height or rows is None else None, "width": "100%"},
        **({} if rows is None else {"rowData": list(rows)}),
    )
    return html.Div(table, role="region", className="sonde-region", **{"aria-label": name})


def rows_response(rows: Sequence[Mapping[str, Any]], total: int) -> dict[str, Any]:
    """Return what an asking grid takes as its ``getRowsResponse``."""
    return {"rowData": list(rows), "rowCount": total}


def _alignment(column: Column) -> str:
    return "sonde-number" if column.numeric else ""


def _definition(column: Column, *, infinite: bool) -> dict[str, Any]:
    definition: dict[str, Any] = {
        "headerName": column.title,
        "field": column.field,
        "sortable": column.sortable,
        "filter": column.searchable,
    }
    if column.numeric:
        definition |= {"type": "rightAligned", "cellClass": "sonde-number"}
    if column.searchable and infinite:
        definition |= {"floatingFilter": True}
    if column.width is not None:
        definition |= {"width": column.width, "flex": 0}
    return definition | dict(column.options or {})
