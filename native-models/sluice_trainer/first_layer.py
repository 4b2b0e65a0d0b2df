"""Fits one member in all rounds of a split: what runs in a member's process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .estimators import KINDS, Fitted, side_by_side
from .matrix import Matrix
from .profiles import MemberPlan
from .splits import Split
from .vectorizer import Vectorizer

Vectorizers = Mapping[str, Vectorizer]


@dataclass(frozen=True)
class MemberAnswers:
    """Margins, or probabilities where the kind answers those."""

    # Of the training rows, those that the split holds; NaN elsewhere.
    held: NDArray[np.float64]
    # Of the testing part, by the round that is judged.
    test: NDArray[np.float64]
    # Of the probes, by the members that are exported.
    probe: NDArray[np.float64]
    fitted: Fitted


class Inputs:
    """A member's view of rows: its families, as weights or as counts, side by side."""

    def __init__(self, plan: MemberPlan, vectorizers: Vectorizers) -> None:
        self.plan = plan
        self.vectorizers = vectorizers
        self.widths = [
            min(len(vectorizers[family]), self._limit(family) or len(vectorizers[family])) for family in plan.families
        ]

    def __call__(self, counts: Mapping[str, csr_matrix], at: NDArray[np.intp] | None = None) -> csr_matrix:
        parts = []
        for family in self.plan.families:
            rows = counts[family] if at is None else counts[family][at]
            vectorizer = self.vectorizers[family]
            seen = KINDS[self.plan.kind].sees
            parts.append(
                vectorizer.transform(rows) if seen == "weights" else vectorizer.select(rows, self._limit(family))
            )
        return side_by_side(parts)

    def _limit(self, family: str) -> int | None:
        """Trees may look at the most frequent features only: a number for each family, or one for all."""
        limit = self.plan.settings.get("columns")
        return limit.get(family) if isinstance(limit, Mapping) else limit


def fit_member(
    plan: MemberPlan,
    matrix: Matrix,
    split: Split,
    vectorizers: Sequence[Vectorizers],
    seed: int,
    keep_estimator: bool,
    tell: Callable[[int, int], None],
) -> MemberAnswers:
    """`vectorizers`: of each round. A forest's out-of-bag answers save it the folds."""
    kind, rows = KINDS[plan.kind], matrix.train
    held = np.full(len(rows), np.nan)
    test = np.zeros(0)
    out_of_bag = split.out_of_fold and plan.kind == "random-forest"
    last = len(split.rounds) - 1
    todo = [last] if out_of_bag else list(range(len(split.rounds)))
    for done, number in enumerate(todo):
        tell(done, len(todo))
        one, inputs = split.rounds[number], Inputs(plan, vectorizers[number])
        seen = inputs(rows.counts, None if len(one.seen) == len(rows) else one.seen)
        estimator = kind.fit(seen, rows.labels[one.seen], rows.weights[one.seen], plan.settings, seed)
        del seen
        if len(one.held):
            held[one.held] = estimator.margins(inputs(rows.counts, one.held))
        if number == split.judged:
            test = estimator.margins(inputs(matrix.test.counts))
        if number == last:
            fitted = estimator.fitted()
            if out_of_bag:
                held = fitted.forest.out_of_bag
            probe = estimator.margins(inputs(matrix.probe.counts))
    if not keep_estimator:
        fitted = fitted.without_estimator()
    return MemberAnswers(held, test, probe, fitted)
