"""The figures of a trained model, for `training.json`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from .arrays import BoolArray, FloatArray, IdArray, LabelArray, RowArray
from .blender_search import undecided_before
from .matrix import Matrix
from .metrics import classification_figures
from .stacking import RowsOf, StackedModel


def model_figures(model: StackedModel, matrix: Matrix, thresholds: tuple[float, float]) -> dict[str, Any]:
    """
    Measure a model on rows that it was not fitted to.

    Parameters
    ----------
    model : StackedModel
        The model.
    matrix : Matrix
        What it was trained on.
    thresholds : tuple of float
        `reject_min` and `reject_max`.

    Returns
    -------
    dict
        For the split's rows for figures and for the testing part: the figures of all rows and of each data set, the share of rows
        that needs a later model stage, and Matthews' correlation coefficient of each base model.
    """
    split, train = model.split, matrix.train
    at = split.figures_rows
    figures: dict[str, Any] = {"thresholds": {"reject_min": thresholds[0], "reject_max": thresholds[1]}}
    parts: tuple[tuple[str, LabelArray, IdArray, RowsOf, RowArray | None], ...] = (
        (split.figures_name, train.labels[at], train.sources[at], "valid", at),
        ("testing_part", matrix.test.labels, matrix.test.sources, "test", None),
    )
    for part, labels, sources, rows_of, some in parts:
        figures[part] = {}
        if len(labels) == 0:
            continue
        p, blended = model.probabilities(rows_of, some), model.blended(rows_of, some)
        figures[part]["all"] = classification_figures(blended, labels, *thresholds)
        for source, name in enumerate(matrix.source_names):
            of_source = sources == source
            if of_source.any():
                figures[part][name] = classification_figures(blended[of_source], labels[of_source], *thresholds)
        figures[part]["undecided"] = {
            step: _undecided(model, p, partial(model.finish, rows_of, some), expensive, labels, thresholds)
            for step, expensive in _later_models(model).items()
            if expensive.any()
        }
        figures[part]["members_mcc_at_half"] = {
            one.config.name: classification_figures(p[:, column], labels, *thresholds)["mcc_at_half"]
            for column, one in enumerate(model.base_models)
        }
    return figures


def _later_models(model: StackedModel) -> dict[str, BoolArray]:
    """Return, for three steps of an early exit, which base models have not run yet."""
    return {
        "after_first_stage": model.expensive,
        "before_trees": np.array([not one.fitted.is_linear for one in model.base_models]),
        "before_forest": np.array([one.fitted.forest is not None for one in model.base_models]),
    }


def _undecided(
    model: StackedModel,
    p: FloatArray,
    finish: Callable[[FloatArray], FloatArray],
    expensive: BoolArray,
    labels: LabelArray,
    thresholds: tuple[float, float],
) -> dict[str, dict[str, float]]:
    """Return the undecided share of each class, for the setting `exactScores` of `notHam` and of `none`."""
    not_certainly_ham, open_band = undecided_before(model.blend, p, expensive, *thresholds, finish)
    return {
        name: {
            "notHam": round(float(np.mean(not_certainly_ham[labels == label])), 5),
            "none": round(float(np.mean(open_band[labels == label])), 5),
        }
        for name, label in (("spam", 1), ("ham", 0))
        if (labels == label).any()
    }
