"""
The scorer of the Python peers: the ensemble with the libraries that it was trained with. Every base model runs for every message.

Linear base models on words and on character grams, the network as its layers, XGBoost's trees, the forest, the blender. Features are
scikit-learn's own over the model's vocabulary. Text is not deobfuscated, words are not stemmed and the shape of a message is not counted,
so these peers have less to do than Sluice.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import joblib
import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.naive_bayes import MultinomialNB

REJECT_MIN, REJECT_MAX = 0.5, 0.7
# How src/text/vocabulary-file.ts escapes characters that would break a line.
ESCAPED = re.compile(r"\\u([0-9a-f]{4})")

Rows = dict[str, csr_matrix]
BaseModel = Callable[[Rows, Rows], np.ndarray]


class Ensemble:
    """`estimators`: as the trainer stores them (joblib); `vocabulary`: of the model that was exported from them."""

    def __init__(self, estimators: Path, vocabulary: Path) -> None:
        stored = joblib.load(estimators)
        words, grams = read_vocabulary(vocabulary)
        self.words = CountVectorizer(vocabulary=words, ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b")
        self.grams = CountVectorizer(vocabulary=grams, analyzer="char", ngram_range=gram_lengths(grams))
        self.tf_idf = {}
        for family, idf in stored["idf"].items():
            self.tf_idf[family] = TfidfTransformer(sublinear_tf=True)
            self.tf_idf[family].idf_ = np.asarray(idf, dtype=np.float64)
        self.base_models = [base_model_of(one) for one in stored["members"]]
        self.blender = stored["blender"]

    def probabilities(self, texts: list[str]) -> np.ndarray:
        counts = {"words": self.words.transform(texts), "grams": self.grams.transform(texts)}
        weights = {family: self.tf_idf[family].transform(counts[family]) for family in counts}
        values = np.column_stack([base_model(counts, weights) for base_model in self.base_models])
        log_odds = values @ self.blender["weights"] + self.blender["bias"]
        return sigmoid(self.blender["scale"] * log_odds + self.blender["shift"])

    def verdicts(self, values: list[bytes]) -> list[tuple[str, str]]:
        """`values`: messages as JSON. Returns, of those that are not ham, `spam` or `review` and the verdict's JSON."""
        messages = [json.loads(value) for value in values]
        scores = self.probabilities([message["message"] for message in messages])
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        verdicts = []
        for at in np.flatnonzero(scores > REJECT_MIN):
            p = float(scores[at])
            verdict = "spam" if p > REJECT_MAX else "review"
            fields = {
                "community": messages[at].get("community", ""),
                "message_id": messages[at]["message_id"],
                "verdict": verdict,
                "probability": p,
                "probability_min": p,
                "probability_max": p,
                "model": "scikit-learn",
                "decided_by": "model",
                "reasons": [],
                "scored_at": now,
            }
            verdicts.append((verdict, json.dumps(fields)))
        return verdicts


@functools.cache
def shared_ensemble(estimators: Path, vocabulary: Path) -> Ensemble:
    """Loaded once per process, for callers that cannot keep an object."""
    return Ensemble(estimators, vocabulary)


def base_model_of(stored: dict) -> BaseModel:
    """Returns a function from counts and tf-idf rows, each per family, to the base model's probabilities."""
    estimator, families, slope, shift = stored["estimator"], stored["families"], stored["slope"], stored["shift"]

    def side_by_side(rows: Rows, widths: list[int] | None = None) -> csr_matrix:
        parts = [rows[f] if widths is None else rows[f][:, : widths[i]] for i, f in enumerate(families)]
        return parts[0] if len(parts) == 1 else hstack(parts, format="csr")

    if isinstance(estimator, RandomForestClassifier):
        forest = estimator.set_params(n_jobs=1)
        return lambda counts, _: forest.predict_proba(side_by_side(counts, stored["widths"]).astype(np.float32))[:, 1]
    if hasattr(estimator, "inplace_predict"):
        estimator.set_param({"nthread": 1})

        def boosted(counts: Rows, _: Rows) -> np.ndarray:
            rows = side_by_side(counts, stored["widths"]).astype(np.float32)
            return sigmoid(slope * estimator.inplace_predict(rows, predict_type="margin") + shift)

        return boosted
    return lambda _, weights: sigmoid(slope * margin(estimator, side_by_side(weights)) + shift)


def margin(estimator, rows: csr_matrix) -> np.ndarray:
    """`estimator`: a linear one of scikit-learn, or a network's layers (kernel and bias; ReLU between them)."""
    if isinstance(estimator, MultinomialNB):
        joint = estimator.predict_joint_log_proba(rows)
        return joint[:, 1] - joint[:, 0]
    if isinstance(estimator, list):
        (kernel, bias), *others = estimator
        values = rows.astype(np.float32) @ kernel + bias
        for kernel, bias in others:
            values = np.maximum(values, 0) @ kernel + bias
        return values[:, 0]
    return estimator.decision_function(rows)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -700, 700)))


def gram_lengths(grams: dict[str, int]) -> tuple[int, int]:
    """The shortest and the longest length of a gram in the vocabulary. No others need to be counted."""
    lengths = {len(gram) for gram in grams}
    return min(lengths), max(lengths)


def read_vocabulary(path: Path) -> tuple[dict[str, int], dict[str, int]]:
    """
    The model's features as scikit-learn names them: words and pairs of words bare, a gram's `_` a space. What scikit-learn's
    vectorizers never make (shapes of numbers, links, signs) keeps its name and its column.
    """
    lines = path.read_text(encoding="utf-8").split("\n")
    at = 1
    families = []
    for _ in range(2):
        size = int(lines[at].split(" ")[1])
        vocabulary: dict[str, int] = {}
        for number, line in enumerate(lines[at + 1 : at + 1 + size]):
            name = ESCAPED.sub(lambda found: chr(int(found[1], 16)), line.split("\t")[0])
            kind, bare = name[:2], name[2:]
            term = bare if kind in ("w:", "f:", "b:") else bare.replace("_", " ") if kind == "g:" else name
            vocabulary[name if term in vocabulary else term] = number
        families.append(vocabulary)
        at += size + 1
    return families[0], families[1]
