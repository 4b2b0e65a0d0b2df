"""From a matrix to a stacked model: fitted base models, their predictions for rows they were not fitted to, and the blend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, TypeAlias

import numpy as np

from .arrays import BoolArray, FloatArray, RowArray
from .blender import Blend, fit_logistic
from .blender_search import Candidate, choose_blend
from .config import BaseModelConfig, Profile, TrainingConfig
from .estimators import ESTIMATOR_KINDS
from .first_layer import Predictions, Vectorizers, fit_base_model
from .fitted import FittedModel
from .matrix import Matrix, Rows
from .platt import IDENTITY_SCALE, PlattScale, fit_platt, sigmoid
from .processes import Job, run_jobs
from .progress import Progress
from .search import SearchResult, search_base_model
from .splits import Fold, Split, split_rows
from .trust import Knowledge, Trust, fit_trust
from .vectorizer import Vectorizer, slices_of

SEARCH_FOLDS = 3
"""Folds of the grid search."""


RowsOf: TypeAlias = Literal["valid", "test", "probe"]
"""Which rows; see `first_layer.Predictions`."""


@dataclass(frozen=True)
class BaseModel:
    """
    A fitted base model.

    Attributes
    ----------
    config : BaseModelConfig
        Its configuration, after the search.
    platt : PlattScale
        Turns its margin into its probability.
    fitted : FittedModel
        What is exported.
    valid, test, probe : ndarray of float64
        Probabilities; shapes and rows as in `first_layer.Predictions`.
    """

    config: BaseModelConfig
    platt: PlattScale
    fitted: FittedModel
    valid: FloatArray
    test: FloatArray
    probe: FloatArray


@dataclass(frozen=True)
class StackedModel:
    """
    A complete model.

    Attributes
    ----------
    vectorizers : mapping of str to Vectorizer
        Of the base models that are exported.
    base_models : list of BaseModel
        In the order of their model stages.
    split : Split
        The use of the training part's rows.
    blend : Blend
        The second layer.
    candidates : list of Candidate
        The blender's search; empty if there was none.
    searches : dict of str to SearchResult
        Name of a base model -> its grid search.
    prior : float
        Share of spam in the training part, weighted.
    trust : Trust or None
        How far the blend's log-odds are trusted; None if always.
    knowledge : dict of str to Knowledge
        What is known of each kind of rows; empty without trust.
    """

    vectorizers: Vectorizers
    base_models: list[BaseModel]
    split: Split
    blend: Blend
    candidates: list[Candidate]
    searches: dict[str, SearchResult]
    prior: float
    trust: Trust | None = None
    knowledge: Mapping[str, Knowledge] = field(default_factory=dict)

    @property
    def expensive(self) -> BoolArray:
        """Whether each base model runs only for rows that the first model stage leaves undecided; shape (models,)."""
        first = min((_stage_order(model.config) for model in self.base_models), default=0)
        return np.array([_stage_order(model.config) > first for model in self.base_models])

    @property
    def shares(self) -> FloatArray:
        """The base models' shares of the blender's weights, as configured; shape (models,)."""
        return np.array([model.config.share for model in self.base_models])

    def blended(self, of: RowsOf, at: RowArray | None = None) -> FloatArray:
        """Return the model's probabilities, shape (n,), of the rows that `probabilities` takes."""
        p = self.probabilities(of, at)
        return self.blend.probabilities(p) if self.trust is None else self.finish(of, at, self.blend.calibrated(p))

    def finish(self, of: RowsOf, at: RowArray | None, log_odds: FloatArray) -> FloatArray:
        """Return the probabilities of rows with these calibrated log-odds, both of shape (n,)."""
        if self.trust is None:
            return sigmoid(log_odds)
        known = self.knowledge[of]
        return self.trust.probabilities(log_odds, known if at is None else Knowledge(known.words[at], known.share[at]))

    def probabilities(self, of: RowsOf, at: RowArray | None = None) -> FloatArray:
        """
        Return the probabilities of all base models.

        Parameters
        ----------
        of : {"valid", "test", "probe"}
            Which rows.
        at : ndarray of intp, shape (n,), optional
            Indices of some of these rows; all by default.

        Returns
        -------
        ndarray of float64, shape (n, models)
            Probability of spam.
        """
        stacked = np.column_stack([getattr(model, of) for model in self.base_models])
        return stacked if at is None else stacked[at]


def fit_model(matrix: Matrix, profile: Profile, config: TrainingConfig, progress: Progress) -> StackedModel:
    """
    Train a model by stacked generalization [1]_.

    The blender learns from predictions for rows that the base models were not fitted to. They are probabilities, as [2]_ advises.

    Parameters
    ----------
    matrix : Matrix
        All rows.
    profile : Profile
        What to train.
    config : TrainingConfig
        The options of this training.
    progress : Progress
        Receives the events of all steps.

    Returns
    -------
    StackedModel
        The same matrix, profile and seed give the same model.

    Raises
    ------
    JobError
        If the process of a base model fails.

    References
    ----------
    .. [1] D. Wolpert, "Stacked generalization", Neural Networks 5, 1992.
    .. [2] K. Ting, I. Witten, "Issues in stacked generalization", Journal of Artificial Intelligence Research 10, 1999.
    """
    rows, seed = matrix.train, config.seed
    configs = {one.name: one for one in profile.base_models}
    searches = _search(matrix, profile, config, progress) if config.search else {}
    configs.update({name: result.config for name, result in searches.items()})

    split = split_rows(rows, profile, config.blending, config.final, seed)
    with progress.step("vocabularies"):
        vectorizers = [fit_vectorizers(matrix, fold, profile) for fold in split.folds]
    jobs = [
        Job(one.name, partial(fit_base_model, one, matrix, split, vectorizers, seed, config.keep_estimators))
        for one in configs.values()
    ]
    # The most expensive first, so that none of them is left to run alone at the end.
    expensive_first = sorted(jobs, key=lambda job: -_stage_order(configs[job.name]))
    results = run_jobs(expensive_first, config.jobs, progress)
    predictions = dict(zip([job.name for job in expensive_first], results, strict=True))
    # In the order of the model stages, and within a stage networks after the others.
    in_order = sorted(configs.values(), key=lambda one: (_stage_order(one), one.kind == "network"))
    base_models = [_base_model(one, predictions[one.name], rows, split) for one in in_order]

    identity = Blend(np.ones(1), 0.0, identity=True)
    prior = float(np.average(rows.labels[rows.whole], weights=rows.weights[rows.whole]))
    model = StackedModel(vectorizers[-1], base_models, split, identity, [], searches, prior)
    if profile.blender.kind == "identity":
        return model
    with progress.step("blender"):
        at = split.blend_rows
        p, labels, weights = model.probabilities("valid", at), rows.labels[at], rows.weights[at]
        if profile.blender.kind == "logistic":
            return replace(model, blend=fit_logistic(p, labels, weights, profile.blender, seed))
        blend, candidates = choose_blend(
            p,
            labels,
            weights,
            split.blender_folds,
            model.shares,
            model.expensive,
            profile.blender,
            config.reject_min,
        )
        knowledge = _knowledge(matrix, split, vectorizers)
        known = Knowledge(knowledge["valid"].words[at], knowledge["valid"].share[at])
        trust = fit_trust(blend.calibrated(p), known, labels, weights, prior, profile.blender.label_noise, config.reject_max)
        return replace(model, blend=blend, candidates=candidates, trust=trust, knowledge=knowledge)


def _knowledge(matrix: Matrix, split: Split, vectorizers: Sequence[Vectorizers]) -> dict[str, Knowledge]:
    """Return what is known of all rows; of a row of the training part by the vocabulary that its predictions were made with."""

    def of(rows: Rows, some: Vectorizers, at: RowArray | None = None) -> Knowledge:
        at = np.arange(len(rows)) if at is None else at
        words, share = [np.zeros(0, np.int32)], [np.zeros(0)]
        for part in slices_of(at):
            known = Knowledge.of(rows.counts["words"][part], rows.lengths[part], some["words"], matrix.features["words"].words)
            words.append(known.words)
            share.append(known.share)
        return Knowledge(np.concatenate(words), np.concatenate(share))

    rows = matrix.train
    valid = Knowledge(np.zeros(len(rows), np.int32), np.zeros(len(rows)))
    for fold, some in zip(split.folds, vectorizers, strict=True):
        known = of(rows, some, fold.valid)
        valid.words[fold.valid], valid.share[fold.valid] = known.words, known.share
    return {"valid": valid, "test": of(matrix.test, vectorizers[split.test_fold]), "probe": of(matrix.probe, vectorizers[-1])}


def _stage_order(config: BaseModelConfig) -> int:
    """Return the position of the model stage: linear on words, linear on more, boosted trees, random forest."""
    if config.kind == "random-forest":
        return 3
    if config.kind == "boosted-trees":
        return 2
    return 0 if config.families == ("words",) else 1


def fit_vectorizers(matrix: Matrix, fold: Fold, profile: Profile) -> dict[str, Vectorizer]:
    """Fit vocabulary and idf to the fold's training rows only, so that nothing has seen the rows to predict."""
    rows = matrix.train
    # A piece adds no document: what its message has would count several times.
    at = fold.train[rows.whole[fold.train]]
    return {
        family: Vectorizer(config, profile.weighting).fit(
            rows.counts[family], rows.weights, rows.sources, matrix.features[family], at
        )
        for family, config in profile.vocabulary.items()
    }


def _base_model(config: BaseModelConfig, predictions: Predictions, rows: Rows, split: Split) -> BaseModel:
    if ESTIMATOR_KINDS[config.kind].output_kind == "probability":
        return BaseModel(config, IDENTITY_SCALE, predictions.fitted, predictions.valid, predictions.test, predictions.probe)
    scale = IDENTITY_SCALE
    if config.platt:
        at = split.blend_rows
        scale = fit_platt(predictions.valid[at], rows.labels[at], rows.weights[at], config.temperature)
    return BaseModel(config, scale, predictions.fitted, scale(predictions.valid), scale(predictions.test), scale(predictions.probe))


def _search(matrix: Matrix, profile: Profile, config: TrainingConfig, progress: Progress) -> dict[str, SearchResult]:
    rows = matrix.train
    folds = split_rows(rows, replace(profile, folds=SEARCH_FOLDS), "out-of-fold", False, config.seed).folds[:-1]
    with progress.step("search: vocabularies"):
        vectorizers = [fit_vectorizers(matrix, fold, profile) for fold in folds]
    searched = [one for one in profile.base_models if one.grid]
    jobs = [Job(f"search: {one.name}", partial(search_base_model, one, rows, folds, vectorizers, config.seed)) for one in searched]
    results = run_jobs(jobs, config.jobs, progress)
    return {one.name: result for one, result in zip(searched, results, strict=True)}
