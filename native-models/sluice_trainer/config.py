"""What can be configured: base models, vocabulary, blender, profile, and the options of one training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

Weighting: TypeAlias = Literal["log-tf-idf", "tf-idf", "counts"]
"""How counts become inputs; see `vectorizer.Vectorizer`."""

Blending: TypeAlias = Literal["out-of-fold", "two-way", "three-way", "hold-out"]
"""Which rows train the base models and which the blender; see `splits.split_rows`."""

Settings: TypeAlias = Mapping[str, Any]
"""Settings of an estimator, by name."""


MOST_ENTRIES = 60_000_000
"""
The most entries (counts of a feature in a row) that one fit of a base model gets. Of more, a sample of the rows is drawn.

The libraries hold copies of their rows in memory: with liblinear's, a fit took 32 bytes for each entry, so this many take 1.9 GB.
The shipped model has fewer, and all of its rows are used: when it was trained, the matrix was in memory twice, with 16 bytes for
each entry, and the process had 1.07 GB.
"""


@dataclass(frozen=True)
class BaseModelConfig:
    """
    A base model of the first layer.

    Attributes
    ----------
    name : str
        Unique in the profile; the manifest's name of the base model.
    kind : str
        A key of `estimators.ESTIMATOR_KINDS`.
    families : tuple of str
        The feature families of its input, side by side. Each is weighted and normalized separately; kinds that grow trees get the
        counts instead.
    settings : mapping
        Settings of the kind. `columns` limits the input to a family's most frequent features: one number, or one for each family.
    platt : bool
        Whether a Platt scale turns the margin into a probability. Otherwise the sigmoid does.
    temperature : float
        Divides the scaled log-odds before the sigmoid. Above 1, confidence varies over a wider range; otherwise most probabilities
        are almost 0 or 1. The blender's calibration compensates for it.
    share : float
        The share of the weights' sum that a `searched` blender draws this weight to, relative to the other base models' shares.
    grid : mapping
        Values to try for each setting in a grid search (`--search`).
    """

    name: str
    kind: str
    families: tuple[str, ...] = ("words",)
    settings: Settings = field(default_factory=dict)
    platt: bool = True
    temperature: float = 1.0
    share: float = 1.0
    grid: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    def with_settings(self, settings: Settings) -> BaseModelConfig:
        """Return a copy with these settings added or replaced."""
        return replace(self, settings={**self.settings, **settings})


@dataclass(frozen=True)
class VocabularyConfig:
    """
    Which features of a family are kept.

    Pairs of neighboring words have limits of their own: each message has nearly as many pairs as words to look up, and most pairs
    add no information.

    Attributes
    ----------
    max_features : int
        At most this many features are kept.
    min_df : int
        Each must occur in this many training messages.
    max_pairs : int
        At most this many of the features may be pairs.
    pair_min_df : int
        A pair must occur in this many training messages.
    keep_obfuscation : bool
        Whether features may be kept that mark an undone obfuscation.
    form_factor : float
        Factor on the idf of features of how a message looks: below 1, they support a verdict rather than decide.
    one_source_factor : float
        Factor on the idf of other features that occur almost only in one of several data sets: below 1, a data set's own names and
        topics do not stand for the class of its messages.
    """

    max_features: int
    min_df: int
    max_pairs: int = 10_000_000
    pair_min_df: int = 1
    keep_obfuscation: bool = True
    form_factor: float = 1.0
    one_source_factor: float = 1.0


@dataclass(frozen=True)
class BlenderConfig:
    """
    How the second layer is fitted.

    Attributes
    ----------
    kind : {"searched", "logistic", "identity"}
        `searched`: weights >= 0, drawn to the base models' shares with a searched strength, then a strictly increasing calibration.
        `logistic`: scikit-learn's logistic regression with `settings`. `identity`: the result of the only base model.
    settings : mapping
        Of `logistic`.
    strengths : tuple of float
        Of `searched`: values of C to try; larger is weaker regularization, and 0 fixes the weights at the shares.
    expensive_shares : tuple of float
        Of `searched`: factors to try for the shares of the base models that an early exit may skip.
    max_undecided_ham : float
        Of `searched`: at most this share of the ham may need an expensive base model.
    label_noise : float
        Of `searched`: the assumed share of wrong labels, which keeps a few outliers from making the blend overconfident.
    """

    kind: Literal["searched", "logistic", "identity"]
    settings: Settings = field(default_factory=dict)
    strengths: tuple[float, ...] = (0.0, 0.003, 0.03, 0.3)
    expensive_shares: tuple[float, ...] = (1.0, 0.6, 0.3)
    max_undecided_ham: float = 0.05
    label_noise: float = 0.014


@dataclass(frozen=True)
class Profile:
    """
    A complete description of a model.

    Attributes
    ----------
    name : str
        Name for `--profile` and the manifest.
    feature_set : str
        The feature set that the matrix must have.
    vocabulary : mapping
        Feature family -> VocabularyConfig.
    weighting : Weighting
        How counts become inputs.
    base_models : tuple of BaseModelConfig
        The first layer.
    blender : BlenderConfig
        The second layer.
    blending : Blending
        The default of `--blending`; `hold-out` if there is nothing to blend.
    folds : int
        Number of folds, of out-of-fold predictions and of the blender's search.
    source_power : float
        A data set of n messages counts as n to this power; below 1, a large one does not dominate the others.
    """

    name: str
    feature_set: str
    vocabulary: Mapping[str, VocabularyConfig]
    weighting: Weighting
    base_models: tuple[BaseModelConfig, ...]
    blender: BlenderConfig
    blending: Blending
    folds: int = 5
    source_power: float = 1.0

    @property
    def families(self) -> tuple[str, ...]:
        """The feature families, in the order of the vocabulary."""
        return tuple(self.vocabulary)


@dataclass(frozen=True)
class TrainingConfig:
    """
    The options of one training, from the command line.

    Attributes
    ----------
    blending : Blending
        How rows are split.
    final : bool
        Whether the base models are fitted again on the whole training part.
    search : bool
        Whether the grids of the base models are searched first.
    seed : int
        Seed of all randomness.
    jobs : int
        The number of base models that are trained at the same time; the result does not depend on it.
    reject_min, reject_max : float
        The thresholds of the review band.
    keep_estimators : bool
        Whether the fitted estimators are returned as their libraries have them.
    """

    blending: Blending
    final: bool
    search: bool
    seed: int
    jobs: int
    reject_min: float
    reject_max: float
    keep_estimators: bool
