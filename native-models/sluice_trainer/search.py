"""The grid search of `--search`: the settings of each base model separately, by log-loss on rows that it was not fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from .config import BaseModelConfig
from .estimators import ESTIMATOR_KINDS
from .first_layer import InputBuilder, Vectorizers, margins_of, sample_rows
from .matrix import Rows
from .platt import IDENTITY_SCALE, fit_platt
from .processes import ReportProgress
from .splits import Fold


@dataclass(frozen=True)
class SearchResult:
    """
    The result of one base model's grid search.

    Attributes
    ----------
    config : BaseModelConfig
        With the best settings.
    trials : list of dict
        The settings of each combination and its `log_loss`.
    """

    config: BaseModelConfig
    trials: list[dict[str, Any]]


def grid_points(config: BaseModelConfig) -> list[dict[str, Any]]:
    """Return every combination of the grid; one without settings if there is no grid."""
    return [dict(zip(config.grid, values, strict=True)) for values in product(*config.grid.values())]


def search_base_model(
    config: BaseModelConfig,
    rows: Rows,
    folds: Sequence[Fold],
    vectorizers: Sequence[Vectorizers],
    seed: int,
    report: ReportProgress,
) -> SearchResult:
    """
    Find the settings with the smallest mean log-loss.

    Parameters
    ----------
    config : BaseModelConfig
        With the grid.
    rows : Rows
        The training part.
    folds : sequence of Fold
        Each combination is fitted once for each fold.
    vectorizers : sequence of mapping
        The vectorizers of each fold.
    seed : int
        Seed of the estimators.
    report : callable
        Called before each fit.

    Returns
    -------
    SearchResult
        Of equally good combinations, the first.
    """
    trials, grid = [], grid_points(config)
    for point, settings in enumerate(grid):
        losses = []
        for number, fold in enumerate(folds):
            report(point * len(folds) + number, len(grid) * len(folds))
            losses.append(_log_loss(config.with_settings(settings), rows, fold, vectorizers[number], seed))
        trials.append({**settings, "log_loss": round(float(np.mean(losses)), 6)})
    best = min(range(len(grid)), key=lambda point: trials[point]["log_loss"])
    return SearchResult(config.with_settings(grid[best]), trials)


def _log_loss(config: BaseModelConfig, rows: Rows, fold: Fold, vectorizers: Vectorizers, seed: int) -> float:
    kind, inputs = ESTIMATOR_KINDS[config.kind], InputBuilder(config, vectorizers)
    labels, weights = rows.labels[fold.valid], rows.weights[fold.valid]
    at = sample_rows([rows.counts[family] for family in config.families], fold.train, seed)
    estimator = kind.fit(inputs(rows.counts, at), rows.labels[at], rows.weights[at], config.settings, seed)
    p = margins_of(estimator, inputs, rows.counts, fold.valid)
    if kind.output_kind == "margin":
        # The scale is fitted to the rows that give the loss. It has two numbers only, and all combinations have the same advantage.
        p = (fit_platt(p, labels, weights) if config.platt else IDENTITY_SCALE)(p)
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return float(np.average(-np.where(labels == 1, np.log(p), np.log1p(-p)), weights=weights))
