"""
The pipeline as a Python loop: reads messages from a file, scores them with scikit-learn, writes verdicts to a file.

It reads the same lines as Sluice and writes verdicts of the same form. Prints one JSON object. The time begins when all processes have
loaded the model.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import time
from itertools import islice
from pathlib import Path

from sklearn_ensemble import Ensemble

_ensemble: Ensemble | None = None


def load(estimators: Path, vocabulary: Path) -> None:
    global _ensemble
    _ensemble = Ensemble(estimators, vocabulary)


def score(lines: list[bytes]) -> tuple[int, str, str]:
    """Returns the number of messages, the lines for the verdicts and the lines for the reviews."""
    assert _ensemble is not None
    results = _ensemble.verdicts(lines)
    return len(lines), *("".join(f"{text}\n" for name, text in results if name == wanted) for wanted in ("spam", "review"))


def batches(file, size: int, most: int):
    left = most
    while left > 0 and (lines := list(islice(file, min(size, left)))):
        left -= len(lines)
        yield lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--estimators", type=Path, required=True, help="as the trainer stores them (joblib)")
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
        pool.map(score, [warm] * options.processes * 4, chunksize=1)

        scored = spam = review = 0
        began = time.perf_counter()
        with (
            options.input.open("rb") as file,
            (options.out / "verdicts.jsonl").open("w") as verdicts,
            (options.out / "reviews.jsonl").open("w") as reviews,
        ):
            for messages, to_verdicts, to_reviews in pool.imap(score, batches(file, options.batch, options.messages)):
                scored += messages
                spam += to_verdicts.count("\n")
                review += to_reviews.count("\n")
                verdicts.write(to_verdicts)
                reviews.write(to_reviews)
            for out in (verdicts, reviews):
                out.flush()
                os.fsync(out.fileno())
        seconds = time.perf_counter() - began
    print(json.dumps({"messages": scored, "seconds": seconds, "spam": spam, "review": review}))


if __name__ == "__main__":
    main()
