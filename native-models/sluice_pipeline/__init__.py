"""
The monthly retraining as assets of Dagster: what a model is made of, how good it is, and whether it was promoted.

Every step is a command of Sluice, so that Dagster, `sluice retrain` and a person in a terminal do the same. See
docs/retraining/dagster.md.
"""
