"""One order state machine, one fill model, one ledger: for backtest, replay and paper."""
