"""What the report of a machine draws beside text and tables: small trends, colours of states."""

from typing import Any, Final

import numpy as np

from sonde.bearings.core.condition.alarms import AlarmState
from sonde.bearings.core.condition.report import Spark
from sonde.platform.core.paper import BOLD, DIM, LINE, RULE, Box, fitted, text

STATE_COLOURS: Final = {
    AlarmState.NORMAL: "#1f8f5f",
    AlarmState.WARNING: "#b7791f",
    AlarmState.ALARM: "#c93636",
    None: "#667085",
}


def draw_spark(page: Any, box: Box, spark: Spark) -> None:
    """Draw a trend with its limits, its newest value and its first and last moment."""
    top = box.y + box.height
    text(page, (box.x, top - 8), fitted(spark.title, box.width * 0.66, 8, BOLD), 8, font=BOLD)
    newest = f"{spark.values[-1]:.4g} {spark.unit}".strip() if len(spark.values) else "no values"
    text(page, (box.x + box.width, top - 8), newest, 8, align="right")
    plot = Box(box.x, box.y + 12, box.width, box.height - 26)
    page.setStrokeColor(RULE)
    page.setLineWidth(0.5)
    page.rect(plot.x, plot.y, plot.width, plot.height)
    if not len(spark.values):
        return
    _curve(page, plot, spark)
    first, last = spark.moments[0], spark.moments[-1]
    text(page, (box.x, box.y + 2), f"{first:%Y-%m-%d %H:%M}", 6.5, colour=DIM)
    place = (box.x + box.width, box.y + 2)
    text(page, place, f"{last:%Y-%m-%d %H:%M} UTC", 6.5, colour=DIM, align="right")


def _curve(page: Any, plot: Box, spark: Spark) -> None:
    lines = [spark.band.warning, spark.band.alarm] if spark.band else []
    reach = [float(np.min(spark.values)), float(np.max(spark.values)), *lines]
    low, high = min(reach), max(reach)
    room = 0.08 * (high - low) or abs(high) * 0.1 or 1.0
    low, high = low - room, high + room

    def height(value: float) -> float:
        return plot.y + plot.height * (value - low) / (high - low)

    for limit, colour in zip(lines, (AlarmState.WARNING, AlarmState.ALARM), strict=False):
        page.setStrokeColor(STATE_COLOURS[colour])
        page.setLineWidth(0.7)
        page.setDash(3, 2)
        page.line(plot.x, height(limit), plot.x + plot.width, height(limit))
    page.setDash()
    seconds = np.array([(one - spark.moments[0]).total_seconds() for one in spark.moments])
    across = plot.x + plot.width * seconds / max(float(seconds[-1]), 1e-9)
    path = page.beginPath()
    path.moveTo(float(across[0]), height(float(spark.values[0])))
    for x, value in zip(across[1:], spark.values[1:], strict=True):
        path.lineTo(float(x), height(float(value)))
    page.setStrokeColor(LINE)
    page.setLineWidth(1)
    page.drawPath(path)
