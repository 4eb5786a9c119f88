"""The desk: trades of an account, carried out by the engine and followed through its events."""
