"""A recurrent network of GRU layers on pieces of the window."""

from sonde.learning.core.models.deep.recurrent import recurrent_architecture

ARCHITECTURE = recurrent_architecture(
    "gru",
    "GRU",
    "Like LSTM with fewer gates: quicker, often as good.",
)
