"""
The line as a Python loop: messages from a file, verdicts into a file, every member in full with scikit-learn.

It reads the same lines and writes the same verdicts as Sluice, and judges with the same ensemble: all linear members on words and on
character grams, the forest, the blender. Features are scikit-learn's own over the model's vocabulary; disguise is not undone and
words are not stemmed, so that it has less to do. Prints one JSON object; the time begins when all processes have loaded the model.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import time
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path

import joblib
import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.naive_bayes import MultinomialNB

REJECT_MIN, REJECT_MAX = 0.5, 0.7


class Line:
    def __init__(self, estimators: Path, vocabulary: Path) -> None:
        kept = joblib.load(estimators)
        words, grams = read_vocabulary(vocabulary)
        self.words = CountVectorizer(vocabulary=words, ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b")
        self.grams = CountVectorizer(vocabulary=grams, analyzer="char", ngram_range=(2, 5))
        self.tf_idf = {}
        for family, idf in kept["idf"].items():
            self.tf_idf[family] = TfidfTransformer(sublinear_tf=True)
            self.tf_idf[family].idf_ = np.asarray(idf, dtype=np.float64)
        self.linear = kept["linear"]
        self.forest = kept["forest"].set_params(n_jobs=1)
        self.columns = kept["forest_columns"]
        self.blender = kept["blender"]

    def probabilities(self, texts: list[str]) -> np.ndarray:
        counts = {"words": self.words.transform(texts), "grams": self.grams.transform(texts)}
        rows = {family: self.tf_idf[family].transform(counts[family]) for family in counts}
        members = [
            sigmoid(one["slope"] * margin(one["estimator"], rows[one["family"]]) + one["shift"]) for one in self.linear
        ]
        looked_at = counts["words"][:, : self.columns].astype(np.float32)
        members.append(self.forest.predict_proba(looked_at)[:, 1])
        log_odds = np.column_stack(members) @ self.blender["weights"] + self.blender["bias"]
        return sigmoid(self.blender["scale"] * log_odds + self.blender["shift"])

    def judge(self, lines: list[bytes]) -> tuple[int, str, str]:
        """How many messages, and what goes to the verdicts and to the reviews."""
        messages = [json.loads(line) for line in lines]
        scores = self.probabilities([message["message"] for message in messages])
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        spam, review = [], []
        for at in np.flatnonzero(scores > REJECT_MIN):
            p = float(scores[at])
            verdict = {
                "community": messages[at].get("community", ""),
                "message_id": messages[at]["message_id"],
                "verdict": "spam" if p > REJECT_MAX else "review",
                "probability": p,
                "probability_min": p,
                "probability_max": p,
                "model": "scikit-learn",
                "decided_by": "model",
                "reasons": [],
                "scored_at": now,
            }
            (spam if p > REJECT_MAX else review).append(json.dumps(verdict))
        return len(messages), as_lines(spam), as_lines(review)


def margin(estimator, rows) -> np.ndarray:
    if isinstance(estimator, MultinomialNB):
        joint = estimator.predict_joint_log_proba(rows)
        return joint[:, 1] - joint[:, 0]
    return estimator.decision_function(rows)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -700, 700)))


def as_lines(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


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
            name = line.split("\t")[0]
            kind, bare = name[:2], name[2:]
            term = bare if kind in ("w:", "f:", "b:") else bare.replace("_", " ") if kind == "g:" else name
            vocabulary[name if term in vocabulary else term] = number
        families.append(vocabulary)
        at += size + 1
    return families[0], families[1]


_line: Line | None = None


def load(estimators: Path, vocabulary: Path) -> None:
    global _line
    _line = Line(estimators, vocabulary)


def judge(lines: list[bytes]) -> tuple[int, str, str]:
    assert _line is not None
    return _line.judge(lines)


def batches(file, size: int, most: int):
    left = most
    while left > 0 and (lines := list(islice(file, min(size, left)))):
        left -= len(lines)
        yield lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--estimators", type=Path, required=True, help="as the trainer keeps them (joblib)")
    parser.add_argument("--vocabulary", type=Path, required=True, help="of the model that they were trained with")
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder for verdicts and reviews")
    parser.add_argument("--messages", type=int, required=True, help="how many of the input's first messages")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--processes", type=int, required=True)
    options = parser.parse_args()

    context = multiprocessing.get_context("spawn")
    with context.Pool(options.processes, load, (options.estimators, options.vocabulary)) as pool:
        with options.input.open("rb") as file:
            warm = list(islice(file, options.processes * 8))
        pool.map(judge, [warm] * options.processes * 4, chunksize=1)

        judged = spam = review = 0
        began = time.perf_counter()
        with (
            options.input.open("rb") as file,
            (options.out / "verdicts.jsonl").open("w") as verdicts,
            (options.out / "reviews.jsonl").open("w") as reviews,
        ):
            for messages, to_verdicts, to_reviews in pool.imap(judge, batches(file, options.batch, options.messages)):
                judged += messages
                spam += to_verdicts.count("\n")
                review += to_reviews.count("\n")
                verdicts.write(to_verdicts)
                reviews.write(to_reviews)
            for out in (verdicts, reviews):
                out.flush()
                os.fsync(out.fileno())
        seconds = time.perf_counter() - began
    print(json.dumps({"messages": judged, "seconds": seconds, "spam": spam, "review": review}))


if __name__ == "__main__":
    main()
