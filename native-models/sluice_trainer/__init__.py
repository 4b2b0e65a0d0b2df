"""Trains a Sluice model from a feature matrix and exports its graphs. Reads numbers only, never text."""
