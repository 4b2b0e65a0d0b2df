"""From a matrix to fitted members, their answers to rows that they have not seen, and the blend over them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from .blender import Blend, Choice, choose_blend, fit_logistic
from .estimators import KINDS, Fitted
from .first_layer import MemberAnswers, Vectorizers, fit_member
from .matrix import Matrix, Rows
from .platt import PlattScale, fit_platt
from .processes import Job, run_jobs
from .profiles import MemberPlan, Profile
from .progress import Progress
from .search import Searched, search_member
from .splits import Round, Split, split_rows
from .vectorizer import Vectorizer

SEARCH_FOLDS = 3


@dataclass(frozen=True)
class Member:
    plan: MemberPlan
    platt: PlattScale
    fitted: Fitted
    # Probabilities of the rows that the split holds, of the testing part, and of the probes; see MemberAnswers.
    held: NDArray[np.float64]
    test: NDArray[np.float64]
    probe: NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    # Of the members that are exported.
    vectorizers: Vectorizers
    members: list[Member]
    split: Split
    blend: Blend
    choices: list[Choice]
    searches: dict[str, Searched]

    @property
    def late(self) -> NDArray[np.bool_]:
        """Members that are computed only for rows that the first stage leaves open."""
        first = min((_cost(member.plan) for member in self.members), default=0)
        return np.array([_cost(member.plan) > first for member in self.members])

    @property
    def shares(self) -> NDArray[np.float64]:
        return np.array([member.plan.share for member in self.members])

    def columns(self, of: str, at: NDArray[np.intp] | None = None) -> NDArray[np.float64]:
        """[rows, members] of `held`, `test` or `probe`."""
        stacked = np.column_stack([getattr(member, of) for member in self.members])
        return stacked if at is None else stacked[at]


@dataclass(frozen=True)
class Order:
    """What the command line asks for."""

    blending: str
    final: bool
    search: bool
    seed: int
    jobs: int
    reject_min: float
    keep_estimators: bool


def fit_model(matrix: Matrix, profile: Profile, order: Order, progress: Progress) -> Model:
    rows, seed = matrix.train, order.seed
    plans = {plan.name: plan for plan in profile.members}
    searches = _search(matrix, profile, order, progress) if order.search else {}
    plans.update({name: searched.plan for name, searched in searches.items()})

    split = split_rows(rows, profile, order.blending, order.final, seed)
    with progress.step("vocabularies"):
        vectorizers = [_vectorizers(matrix, one, profile) for one in split.rounds]
    jobs = [
        Job(
            plan.name,
            partial(fit_member, plan, matrix, split, vectorizers, seed, order.keep_estimators),
        )
        for plan in plans.values()
    ]
    # The dear ones first: with several at once, none is left to run alone at the end.
    dear_first = sorted(jobs, key=lambda job: -_cost(plans[job.name]))
    answers = dict(zip([job.name for job in dear_first], run_jobs(dear_first, order.jobs, progress), strict=True))
    # In the order of their stages, and in a stage networks after the others.
    in_order = sorted(plans.values(), key=lambda plan: (_cost(plan), plan.kind == "network"))
    members = [_member(plan, answers[plan.name], rows, split) for plan in in_order]

    model = Model(vectorizers[-1], members, split, Blend(np.ones(1), 0.0, identity=True), [], searches)
    if profile.blender.kind == "identity":
        return model
    with progress.step("blender"):
        blended, labels, weights = model.columns("held", split.blended), rows.labels[split.blended], rows.weights[split.blended]
        if profile.blender.kind == "logistic":
            blend, choices = fit_logistic(blended, labels, weights, profile.blender, seed), []
        else:
            blend, choices = choose_blend(
                blended, labels, weights, split.folds, model.shares, model.late, profile.blender, order.reject_min
            )
    return Model(vectorizers[-1], members, split, blend, choices, searches)


def _cost(plan: MemberPlan) -> int:
    """The order of stages: linear ones on the first family, linear ones on more, boosted trees, the forest."""
    if plan.kind == "random-forest":
        return 3
    if plan.kind == "boosted-trees":
        return 2
    return 0 if plan.families == ("words",) else 1


def _vectorizers(matrix: Matrix, one: Round, profile: Profile) -> dict[str, Vectorizer]:
    """The vocabulary and the idf too are made of the rows seen alone, so that the rows held have been seen by nothing."""
    rows = matrix.train
    return {
        family: Vectorizer(plan, profile.weighting).fit(
            rows.counts[family][one.seen], rows.weights[one.seen], matrix.pairs[family]
        )
        for family, plan in profile.vocabulary.items()
    }


def _member(plan: MemberPlan, answers: MemberAnswers, rows: Rows, split: Split) -> Member:
    scale = PlattScale(1.0, 0.0)
    if KINDS[plan.kind].answers == "probability":
        return Member(plan, scale, answers.fitted, answers.held, answers.test, answers.probe)
    if plan.platt:
        at = split.blended
        scale = fit_platt(answers.held[at], rows.labels[at], rows.weights[at], plan.temper)
    return Member(plan, scale, answers.fitted, scale(answers.held), scale(answers.test), scale(answers.probe))


def _search(matrix: Matrix, profile: Profile, order: Order, progress: Progress) -> dict[str, Searched]:
    rows = matrix.train
    rounds = split_rows(rows, replace(profile, folds=SEARCH_FOLDS), "out-of-fold", False, order.seed).rounds[:-1]
    with progress.step("search: vocabularies"):
        vectorizers = [_vectorizers(matrix, one, profile) for one in rounds]
    searched = [plan for plan in profile.members if plan.grid]
    jobs = [
        Job(f"search: {plan.name}", partial(search_member, plan, rows, rounds, vectorizers, order.seed))
        for plan in searched
    ]
    found = run_jobs(jobs, order.jobs, progress)
    return {plan.name: one for plan, one in zip(searched, found, strict=True)}

