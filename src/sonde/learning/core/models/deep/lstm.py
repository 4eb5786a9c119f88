"""A recurrent network of LSTM layers on pieces of the window."""

from sonde.learning.core.models.deep.recurrent import recurrent_architecture

ARCHITECTURE = recurrent_architecture(
    "lstm",
    "LSTM",
    "Reads a window piece by piece and remembers: for what unfolds over time.",
)
