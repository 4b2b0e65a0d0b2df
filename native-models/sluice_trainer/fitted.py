"""What an estimator gives to its graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .arrays import FloatArray
from .boosted import BoostedTrees
from .forest import Forest

Layers: TypeAlias = list[tuple[NDArray[np.float32], NDArray[np.float32]]]
"""Weights [inputs, outputs] and biases [outputs] of each layer of a network."""


@dataclass(frozen=True)
class FittedModel:
    """
    The parameters of a fitted base model; they outlive the process that fitted it.

    Exactly one of `affine`, `layers`, `forest` and `boosted` is given.

    Attributes
    ----------
    affine : tuple of (ndarray of float64, shape (features,), float), optional
        Weights over the families' features, one family after the other, and the bias.
    layers : list of (ndarray of float32, ndarray of float32), optional
        Weights, shape (inputs, outputs), and biases, shape (outputs,), of each layer of a network.
    forest : Forest, optional
        A random forest.
    boosted : BoostedTrees, optional
        Boosted trees.
    estimator : object
        The library's own object, for comparisons.
    facts : mapping
        Further facts for `training.json`.
    """

    affine: tuple[FloatArray, float] | None = None
    layers: Layers | None = None
    forest: Forest | None = None
    boosted: BoostedTrees | None = None
    estimator: Any = None
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_linear(self) -> bool:
        """Whether it is part of a graph over weighted rows: an affine function, or a network."""
        return self.forest is None and self.boosted is None

    def without_estimator(self) -> FittedModel:
        """Return a copy without the library's object."""
        return replace(self, estimator=None)
