"""The names that travel through the broker."""

TRAINING = "train"
QUEUES = ("default", TRAINING)

RUN_JOB = "sonde.run_job"
SWEEP = "sonde.sweep"
START_SCHEDULED = "sonde.start_scheduled"

SWEEP_EVERY_S = 3.0
