"""
The line as a Python loop: messages from a file, verdicts into a file, every member in full with scikit-learn.

It reads the same lines and writes the same verdicts as Sluice. Prints one JSON object; the time begins when all processes have loaded
the model.
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


def judge(lines: list[bytes]) -> tuple[int, str, str]:
    """How many messages, and what goes to the verdicts and to the reviews."""
    assert _ensemble is not None
    told = _ensemble.verdicts(lines)
    return len(lines), *("".join(f"{text}\n" for name, text in told if name == wanted) for wanted in ("spam", "review"))


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
