"""What is trained, declared. A profile is a constant: its name is in the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

WORDS = ("words",)
BOTH = ("words", "grams")


@dataclass(frozen=True)
class MemberPlan:
    """
    One member of the first layer. `kind` is one of those in `estimators.py`, `settings` are that kind's own. Its input is each of
    its families, weighted and scaled to length 1 for itself; kinds that grow trees see the counts instead.
    """

    name: str
    kind: str
    families: tuple[str, ...] = WORDS
    settings: Mapping[str, object] = field(default_factory=dict)
    # Whether a Platt scale, fitted on rows that the member has not seen, makes its margin a probability. Without, the sigmoid does.
    platt: bool = True
    # The scaled log-odds are divided by this before the sigmoid. Above 1, a member tells how sure it is over a wider range, where it would
    # otherwise be 0 or 1; the blender's calibration makes up for it.
    temper: float = 1.0
    # Of the sum of the members' weights in a `searched` blender, the share that it is drawn to, relative to the others.
    share: float = 1.0
    # Of `--search`: values to try for each setting.
    grid: Mapping[str, tuple] = field(default_factory=dict)

    def with_settings(self, settings: Mapping[str, object]) -> "MemberPlan":
        return replace(self, settings={**self.settings, **settings})


@dataclass(frozen=True)
class VocabularyPlan:
    """
    At most so many features of a family are kept, and only those that so many training messages have. Of pairs of neighbours fewer may be
    kept, and only more frequent ones: each message asks for nearly as many pairs as it has words, and most of them say nothing new.
    """

    most: int
    min_df: int
    most_pairs: int = 10_000_000
    pair_min_df: int = 1
    # Whether the features that say that a disguise was undone may be kept.
    disguise: bool = True


@dataclass(frozen=True)
class BlenderPlan:
    """
    `searched`: weights of at least zero, drawn to the members' shares, how strongly being searched; then a strictly rising calibration.
    `logistic`: scikit-learn's logistic regression with `settings`. `identity`: the one member is the answer.
    """

    kind: str
    settings: Mapping[str, object] = field(default_factory=dict)
    # Of `searched`: strengths (C, larger is weaker; 0 is the shares themselves), by how much the shares of dear members may be lowered, and
    # the share of ham that may at most need a dear member.
    strengths: tuple[float, ...] = (0.0, 0.003, 0.03, 0.3)
    late_shares: tuple[float, ...] = (1.0, 0.6, 0.3)
    undecided: float = 0.05
    # Of `searched`: the share of labels taken to be wrong, so that a few odd ones do not make the blend surer than it is.
    label_noise: float = 0.014


@dataclass(frozen=True)
class Profile:
    name: str
    feature_set: str
    vocabulary: Mapping[str, VocabularyPlan]
    # `log-tf-idf`: (1 + ln count) · idf; `tf-idf`: count · idf; both smooth, rows of length 1. `counts`: counts.
    weighting: str
    members: tuple[MemberPlan, ...]
    blender: BlenderPlan
    # `out-of-fold`, `two-way`, `three-way`; `hold-out` where there is nothing to blend.
    blending: str
    folds: int = 5
    # A data set of n messages weighs as n to this power: below 1, a large one does not drown the others.
    source_power: float = 1.0

    @property
    def families(self) -> tuple[str, ...]:
        return tuple(self.vocabulary)


def _default() -> Profile:
    """
    The linear members on words decide most messages; the one that sees words and grams together is the best single member, and is drawn
    to the largest share that still lets early exit leave it out for most ham. Trees are weaker here and little is left to them.
    """
    return Profile(
        name="default",
        feature_set="sluice-1",
        # Rare features too: the length of a row then tells how much of a message is known. What was undone does not count: in the data
        # nearly only spam is disguised, and a ham with an odd sign in it has to stay ham. 32,000 are what 65,536 slots of look-up hold; with more
        # pairs, or as many grams again, the messages kept back were judged no better.
        vocabulary={
            "words": VocabularyPlan(32_000, 1, most_pairs=8_000, pair_min_df=3, disguise=False),
            "grams": VocabularyPlan(24_000, 1),
        },
        weighting="log-tf-idf",
        members=(
            MemberPlan(
                "naive-bayes",
                "naive-bayes",
                WORDS,
                {"alpha": 0.02},
                temper=3,
                grid={"alpha": (0.005, 0.02, 0.1)},
            ),
            MemberPlan(
                "logistic-regression",
                "logistic-regression",
                BOTH,
                {"C": 5, "solver": "liblinear", "dual": True, "tol": 1e-3, "class_weight": "balanced"},
                temper=3,
                share=1.5,
                grid={"C": (1, 2, 5, 10)},
            ),
            MemberPlan(
                "linear-svm",
                "linear-svm",
                WORDS,
                {"C": 0.5, "max_iter": 5_000, "class_weight": "balanced"},
                temper=3,
                share=0.3,
                grid={"C": (0.2, 0.5, 1, 2)},
            ),
            MemberPlan("perceptron", "perceptron", WORDS, {"max_iter": 20, "average": True}, temper=3, share=0.1),
            MemberPlan(
                "passive-aggressive",
                "passive-aggressive",
                WORDS,
                {"C": 0.3, "max_iter": 25, "average": True},
                temper=3,
                share=2.5,
                grid={"C": (0.05, 0.1, 0.3, 1.0)},
            ),
            MemberPlan(
                "network",
                "network",
                WORDS,
                # Three inputs wide, so that with four linear members and the idf a word is one row of eight numbers in the first graph.
                {"layers": (3, 20, 10), "learning_rate": 0.08, "steps": 600, "batch": 256},
                temper=3,
                share=0.3,
                grid={"steps": (300, 600, 1_200)},
            ),
            MemberPlan(
                "boosted-trees",
                "boosted-trees",
                WORDS,
                {"eta": 0.2, "rounds": 60, "max_depth": 4, "subsample": 0.6, "colsample_bytree": 0.3, "columns": 1_500},
                temper=3,
                share=0.1,
                grid={"rounds": (60, 100), "max_depth": (4, 6)},
            ),
            MemberPlan(
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
        ),
        blender=BlenderPlan("searched"),
        blending="out-of-fold",
        source_power=0.5,
    )


def _quick() -> Profile:
    """All eight members, small: what tests train."""
    smaller: dict[str, Mapping[str, object]] = {
        "network": {"steps": 80, "batch": 64, "learning_rate": 0.5},
        "boosted-trees": {"rounds": 12, "max_depth": 4, "columns": 800},
        "random-forest": {"n_estimators": 30, "max_leaf_nodes": 60, "columns": 800, "block": 20},
    }
    default = _default()
    return replace(
        default,
        name="quick",
        vocabulary={
            "words": VocabularyPlan(8_000, 1, most_pairs=2_000, pair_min_df=3, disguise=False),
            "grams": VocabularyPlan(8_000, 2),
        },
        members=tuple(
            # Members that take long are not searched.
            replace(member.with_settings(settings), grid={}) if (settings := smaller.get(member.name)) else member
            for member in default.members
        ),
        folds=3,
    )


def _reference() -> Profile:
    """The origin's ensemble: on stemmed words alone, every word kept."""
    return Profile(
        name="reference",
        feature_set="reference-1",
        vocabulary={"words": VocabularyPlan(10_000_000, 1)},
        weighting="tf-idf",
        members=(
            MemberPlan("naive-bayes", "naive-bayes", WORDS, {"alpha": 0.02}, platt=False),
            MemberPlan(
                "logistic-regression",
                "logistic-regression",
                WORDS,
                {"C": 100, "solver": "sag", "max_iter": 250},
                platt=False,
                grid={"C": (10, 100, 1_000)},
            ),
            MemberPlan("linear-svm", "linear-svm", WORDS, {"penalty": "l1", "dual": False, "tol": 1e-3}),
            MemberPlan("perceptron", "perceptron", WORDS, {"max_iter": 50}),
            MemberPlan("passive-aggressive", "passive-aggressive", WORDS, {"C": 0.05, "max_iter": 25}),
            MemberPlan(
                "network",
                "network",
                WORDS,
                {"layers": (10, 20, 10), "learning_rate": 0.08, "steps": 1_600, "batch": 128},
                platt=False,
            ),
            MemberPlan(
                "boosted-trees",
                "boosted-trees",
                WORDS,
                {"eta": 0.1, "rounds": 100, "max_depth": 6, "subsample": 0.6},
                platt=False,
            ),
            MemberPlan(
                "random-forest",
                "random-forest",
                WORDS,
                {"n_estimators": 500, "max_depth": 100, "block": 50},
                platt=False,
            ),
        ),
        blender=BlenderPlan("logistic", {"C": 15, "solver": "sag", "max_iter": 150}),
        blending="two-way",
    )


def _bag_of_words() -> Profile:
    """The second origin's: relative frequencies of the words that spam and ham share, and the share of spam as the prior."""
    return Profile(
        name="bag-of-words",
        feature_set="bag-of-words-1",
        vocabulary={"words": VocabularyPlan(10_000_000, 1)},
        weighting="counts",
        members=(MemberPlan("bag-of-words", "shared-words", WORDS, platt=False),),
        blender=BlenderPlan("identity"),
        blending="hold-out",
    )


PROFILES = {profile.name: profile for profile in (_default(), _quick(), _reference(), _bag_of_words())}
