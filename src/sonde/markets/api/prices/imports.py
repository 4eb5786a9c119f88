"""Files of candles over REST: uploaded, read aside by a job, stored all at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, File, Form, UploadFile
from pydantic import BaseModel, ConfigDict

from sonde.markets.core.prices.choices import AUTO
from sonde.markets.services import price_imports
from sonde.markets.services.price_imports import PriceImport, PriceWish
from sonde.platform.api.routing import Acting, router
from sonde.platform.core.errors import Invalid

ROUTER = router("/markets/imports", tag="Markets: prices")


@dataclass(frozen=True, kw_only=True)
class PriceForm:
    """A file of candles, and what is said of it; all but file and symbol may be left out."""

    file: Annotated[UploadFile, File(description="CSV or Parquet.")]
    symbol: Annotated[str, Form(max_length=40, description="Such as BTCUSDT.")]
    venue: Annotated[str, Form(max_length=30, description="Such as binance.")] = "file"
    timeframe: Annotated[str, Form(max_length=4, description="Empty to detect it.")] = ""
    layout: Annotated[str, Form(max_length=30, description="auto detects it.")] = AUTO
    time_unit: Annotated[str, Form(max_length=4, description="auto, s, ms, us, ns or iso.")] = AUTO
    columns: Annotated[
        str, Form(max_length=400, description="`time=Date, open=o`: names or numbers.")
    ] = ""
    overwrite: Annotated[
        bool, Form(description="Bars that differ take the place of what is stored.")
    ] = False

    @property
    def wish(self) -> PriceWish:
        """Return what the person says; raises Invalid for columns without form."""
        return PriceWish(
            self.symbol,
            self.venue,
            self.timeframe,
            self.layout,
            self.time_unit,
            _pairs(self.columns),
            self.overwrite,
        )


class PriceImportBody(BaseModel):
    """One import; while it is `waiting`, its job tells how far it is."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    file_name: str
    sha256: str
    state: str
    job_id: str
    series_id: str
    n_new: int
    n_same: int
    n_changed: int
    notes: list[str]
    created_at: datetime


class PriceImports(BaseModel):
    """Your latest imports, newest first."""

    items: list[PriceImportBody]


@ROUTER.post("", status_code=201)
def create_price_import(actor: Acting, form: Annotated[PriceForm, Depends()]) -> PriceImportBody:
    """Upload a file of candles; a job reads and stores it."""
    staged = price_imports.stage_upload(actor, form.wish, form.file.filename or "", form.file.file)
    return _body(staged)


@ROUTER.get("")
def list_price_imports(actor: Acting) -> PriceImports:
    """List your latest imports."""
    return PriceImports(items=[_body(one) for one in price_imports.recent(actor)])


@ROUTER.get("/{import_id}")
def get_price_import(actor: Acting, import_id: str) -> PriceImportBody:
    """Look at one import: what became of its bars, or why it failed."""
    return _body(price_imports.get(actor, import_id))


def _body(staged: PriceImport) -> PriceImportBody:
    return PriceImportBody.model_validate(staged)


def _pairs(text: str) -> Mapping[str, str]:
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    if not all(name.strip() and column.strip() for name, _, column in pairs):
        raise Invalid("Name columns as time=Date, open=o.", field="columns")
    return {name.strip(): column.strip() for name, _, column in pairs}
