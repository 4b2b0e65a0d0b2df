"""The grid search of `--search`: each member's settings by themselves, judged on rows that the member has not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from .estimators import KINDS
from .first_layer import Inputs, Vectorizers
from .matrix import Rows
from .platt import PlattScale, fit_platt
from .profiles import MemberPlan
from .splits import Round


@dataclass(frozen=True)
class Searched:
    plan: MemberPlan
    tried: list[dict]


def candidates(plan: MemberPlan) -> list[dict]:
    """Every combination of the grid; one empty candidate where there is no grid."""
    return [dict(zip(plan.grid, values, strict=True)) for values in product(*plan.grid.values())]


def search_member(
    plan: MemberPlan,
    rows: Rows,
    rounds: Sequence[Round],
    vectorizers: Sequence[Vectorizers],
    seed: int,
    tell: Callable[[int, int], None],
) -> Searched:
    """The candidate with the smallest mean log-loss over the rounds' held rows; of equal ones the first."""
    tried, grid = [], candidates(plan)
    for at, settings in enumerate(grid):
        losses = []
        for number, one in enumerate(rounds):
            tell(at * len(rounds) + number, len(grid) * len(rounds))
            losses.append(_loss(plan.with_settings(settings), rows, one, vectorizers[number], seed))
        tried.append({**settings, "log_loss": round(float(np.mean(losses)), 6)})
    best = min(range(len(grid)), key=lambda at: tried[at]["log_loss"])
    return Searched(plan.with_settings(grid[best]), tried)


def _loss(plan: MemberPlan, rows: Rows, one: Round, vectorizers: Vectorizers, seed: int) -> float:
    kind, inputs = KINDS[plan.kind], Inputs(plan, vectorizers)
    labels, weights = rows.labels[one.held], rows.weights[one.held]
    estimator = kind.fit(
        inputs(rows.counts, one.seen), rows.labels[one.seen], rows.weights[one.seen], plan.settings, seed
    )
    p = estimator.margins(inputs(rows.counts, one.held))
    if kind.answers == "log-odds":
        # Fitted on the rows it is judged by: two numbers, the same for every candidate.
        p = (fit_platt(p, labels, weights) if plan.platt else PlattScale(1.0, 0.0))(p)
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return float(np.average(-np.where(labels == 1, np.log(p), np.log1p(-p)), weights=weights))
