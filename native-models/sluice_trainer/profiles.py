"""Declares what is trained. A profile is a constant; its name is in the manifest."""

from __future__ import annotations

from dataclasses import replace

from .config import BaseModelConfig, BlenderConfig, Profile, Settings, VocabularyConfig

WORDS = ("words",)
BOTH = ("words", "grams")


DEFAULT_BASE_MODELS = (
    BaseModelConfig(
        "naive-bayes",
        "naive-bayes",
        WORDS,
        {"alpha": 0.02},
        temperature=3,
        grid={"alpha": (0.005, 0.02, 0.1)},
    ),
    BaseModelConfig(
        "logistic-regression",
        "logistic-regression",
        BOTH,
        {"C": 5, "solver": "liblinear", "dual": True, "tol": 1e-3, "class_weight": "balanced"},
        temperature=3,
        share=1.5,
        grid={"C": (1, 2, 5, 10)},
    ),
    BaseModelConfig(
        "linear-svm",
        "linear-svm",
        WORDS,
        {"C": 0.5, "max_iter": 5_000, "class_weight": "balanced"},
        temperature=3,
        share=0.3,
        grid={"C": (0.2, 0.5, 1, 2)},
    ),
    BaseModelConfig("perceptron", "perceptron", WORDS, {"max_iter": 20, "average": True}, temperature=3, share=0.1),
    BaseModelConfig(
        "passive-aggressive",
        "passive-aggressive",
        WORDS,
        {"C": 0.3, "max_iter": 25, "average": True},
        temperature=3,
        share=2.5,
        grid={"C": (0.05, 0.1, 0.3, 1.0)},
    ),
    BaseModelConfig(
        "network",
        "network",
        WORDS,
        # The first layer has three units, so that with four linear base models and the idf a word takes eight numbers in
        # the first graph.
        {"layers": (3, 20, 10), "learning_rate": 0.2, "steps": 900, "batch": 256},
        temperature=3,
        share=0.3,
        grid={"steps": (300, 600, 1_200)},
    ),
    BaseModelConfig(
        "boosted-trees",
        "boosted-trees",
        WORDS,
        {"eta": 0.2, "rounds": 60, "max_depth": 4, "subsample": 0.6, "colsample_bytree": 0.3, "columns": 1_500},
        temperature=3,
        share=0.1,
        grid={"rounds": (60, 100), "max_depth": (4, 6)},
    ),
    BaseModelConfig(
        "random-forest",
        "random-forest",
        WORDS,
        {
            "n_estimators": 60,
            "max_leaf_nodes": 100,
            "max_features": 0.05,
            "max_samples": 0.6,
            "columns": 1_500,
            "block": 30,
        },
        platt=False,
        share=0.1,
        grid={"max_features": (0.03, 0.05, 0.1)},
    ),
)


def _default() -> Profile:
    """
    Return the profile of the shipped model.

    The linear base models on words decide most messages. The one on words and grams is the best single base model; its share is the
    largest that still lets early exit skip it for most ham. Trees are weaker on this data and have a small share.
    """
    return Profile(
        name="default",
        feature_set="sluice-2",
        # Rare features are kept: the length of a row then shows how much of a message is known. Features that mark an undone
        # obfuscation are left out: in the data almost only spam is obfuscated, and ham with an unusual character must stay ham.
        # 32,000 features fit the 65,536 slots of the lookup table. More pairs, or twice as many grams, did not improve the testing
        # part.
        # What a message looks like must not decide what it is: honest messages have links, numbers and prices too.
        vocabulary={
            "words": VocabularyConfig(
                32_000, 1, max_pairs=8_000, pair_min_df=3, keep_obfuscation=False, form_factor=0.4, one_source_factor=0.5
            ),
            "grams": VocabularyConfig(24_000, 1, form_factor=0.4, one_source_factor=0.5),
        },
        weighting="log-tf-idf",
        base_models=DEFAULT_BASE_MODELS,
        blender=BlenderConfig("searched"),
        blending="out-of-fold",
        source_power=0.5,
    )


def _quick() -> Profile:
    """Return the profile for tests: all eight base models, small."""
    smaller: dict[str, Settings] = {
        "network": {"steps": 80, "batch": 64, "learning_rate": 0.5},
        "boosted-trees": {"rounds": 12, "max_depth": 4, "columns": 800},
        "random-forest": {"n_estimators": 30, "max_leaf_nodes": 60, "columns": 800, "block": 20},
    }
    default = _default()
    return replace(
        default,
        name="quick",
        vocabulary={
            "words": VocabularyConfig(
                8_000, 1, max_pairs=2_000, pair_min_df=3, keep_obfuscation=False, form_factor=0.4, one_source_factor=0.5
            ),
            "grams": VocabularyConfig(8_000, 2, form_factor=0.4, one_source_factor=0.5),
        },
        base_models=tuple(
            # Base models that take long are not searched.
            replace(model.with_settings(settings), grid={}) if (settings := smaller.get(model.name)) else model
            for model in default.base_models
        ),
        folds=3,
    )


def _reference() -> Profile:
    """Return the ensemble of the original system: on stemmed words only, all of them kept."""
    return Profile(
        name="reference",
        feature_set="reference-1",
        vocabulary={"words": VocabularyConfig(10_000_000, 1)},
        weighting="tf-idf",
        base_models=(
            BaseModelConfig("naive-bayes", "naive-bayes", WORDS, {"alpha": 0.02}, platt=False),
            BaseModelConfig(
                "logistic-regression",
                "logistic-regression",
                WORDS,
                {"C": 100, "solver": "sag", "max_iter": 250},
                platt=False,
                grid={"C": (10, 100, 1_000)},
            ),
            BaseModelConfig("linear-svm", "linear-svm", WORDS, {"penalty": "l1", "dual": False, "tol": 1e-3}),
            BaseModelConfig("perceptron", "perceptron", WORDS, {"max_iter": 50}),
            BaseModelConfig("passive-aggressive", "passive-aggressive", WORDS, {"C": 0.05, "max_iter": 25}),
            BaseModelConfig(
                "network",
                "network",
                WORDS,
                {"layers": (10, 20, 10), "learning_rate": 0.08, "steps": 1_600, "batch": 128},
                platt=False,
            ),
            BaseModelConfig(
                "boosted-trees",
                "boosted-trees",
                WORDS,
                {"eta": 0.1, "rounds": 100, "max_depth": 6, "subsample": 0.6},
                platt=False,
            ),
            BaseModelConfig(
                "random-forest",
                "random-forest",
                WORDS,
                {"n_estimators": 500, "max_depth": 100, "block": 50},
                platt=False,
            ),
        ),
        blender=BlenderConfig("logistic", {"C": 15, "solver": "sag", "max_iter": 150}),
        blending="two-way",
    )


def _bag_of_words() -> Profile:
    """Return the model of a second original system; see `estimators.SharedWordsEstimator`."""
    return Profile(
        name="bag-of-words",
        feature_set="bag-of-words-1",
        vocabulary={"words": VocabularyConfig(10_000_000, 1)},
        weighting="counts",
        base_models=(BaseModelConfig("bag-of-words", "shared-words", WORDS, platt=False),),
        blender=BlenderConfig("identity"),
        blending="hold-out",
    )


PROFILES = {profile.name: profile for profile in (_default(), _quick(), _reference(), _bag_of_words())}
