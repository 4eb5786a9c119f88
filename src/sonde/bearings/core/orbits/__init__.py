"""How a shaft moves across its bearing: two probes seen together."""
