"""
The questions that the gate asks, as asset checks.

Dagster has to know checks before they run, and which languages and obfuscations the gate asks about depends on the messages. So
questions such as `recall.leet` and `recall.typos` are one check, which lists them; every other question is a check of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from .metadata import share, table

SCORE = "model_score"

PROMOTED = "gate"
"""The decision."""

OTHER = "other_questions"
"""What later versions of the gate ask."""

RATES = {
    "true_positive_rate": "Does the new model find as much spam",
    "false_positive_rate": "Does the new model accuse no more ham",
    "cost": "Do the new model's verdicts cost less",
}

PARTS = {
    "all": "among all held-out messages",
    "old": "among those that the active model was compared on",
    "new": "among those that were labeled since",
    "language": "in each language that has enough messages",
}

QUESTIONS: Mapping[str, str] = {
    **{
        f"{rate}_{part}": f"{about} {where}?"
        for rate, about in RATES.items()
        for part, where in PARTS.items()
        if (rate, part) != ("cost", "language")
    },
    "recall": "Does the new model find as much spam under each obfuscation?",
    OTHER: "Further questions of the gate.",
}

GATE_CHECKS = [
    dg.AssetCheckSpec(PROMOTED, asset=SCORE, description="Does the gate promote the new model? The first model always passes."),
    *(dg.AssetCheckSpec(name, asset=SCORE, description=about) for name, about in QUESTIONS.items()),
]


def check_of(question: str) -> str:
    """Return the check of a question of the gate: `truePositiveRate.language.de` is of `true_positive_rate_language`."""
    first, *rest = question.split(".")
    figure = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in first)
    return next((name for name in (f"{figure}_{rest[0]}" if rest else figure, figure) if name in QUESTIONS), OTHER)


def check_results(report: Mapping[str, Any] | None) -> Iterator[dg.AssetCheckResult]:
    """
    Yield the results of all checks.

    Parameters
    ----------
    report : mapping, optional
        A `GateReport` of src/core/gate-report.ts; None if there is no active model, so that nothing is asked.
    """
    asked: dict[str, list[Mapping[str, Any]]] = {name: [] for name in QUESTIONS}
    for question in report["checks"] if report is not None else ():
        asked[check_of(question["name"])].append(question)
    yield _decision(report)
    for name, questions in asked.items():
        yield _result(name, questions)


def _decision(report: Mapping[str, Any] | None) -> dg.AssetCheckResult:
    if report is None:
        return dg.AssetCheckResult(check_name=PROMOTED, passed=True, description="No model is active, so the first one passes.")
    needed = report.get("needed")
    metadata: dict[str, Any] = {"gate": report["gate"], "rates": _rates(report["rates"])}
    if needed is not None:
        metadata |= {"spam needed": needed["spam"], "ham needed": needed["ham"]}
    return dg.AssetCheckResult(
        check_name=PROMOTED,
        passed=report["promoted"],
        # With too few messages the answer is no, though nothing is wrong with the model.
        severity=dg.AssetCheckSeverity.WARN if needed is not None else dg.AssetCheckSeverity.ERROR,
        description=report["why"],
        metadata=metadata,
    )


def _rates(rates: Mapping[str, Any]) -> dg.TableMetadataValue:
    rows = [
        (part, model, of["spam"], share(of["truePositiveRate"]), of["ham"], share(of["falsePositiveRate"]))
        for part, models in rates.items()
        for model, of in models.items()
        if of is not None
    ]
    columns = {
        "messages": "string",
        "model": "string",
        "spam": "int",
        "found (TPR)": "string",
        "ham": "int",
        "accused (FPR)": "string",
    }
    return table(columns, rows)


def _result(name: str, questions: Sequence[Mapping[str, Any]]) -> dg.AssetCheckResult:
    answers = [question["passed"] for question in questions]
    if not questions:
        return dg.AssetCheckResult(check_name=name, passed=True, description="Not asked.")
    rows = [(question["name"], _word(question["passed"]), question["text"]) for question in questions]
    figures = [(question["name"], figure, value) for question in questions for figure, value in question["figures"].items()]
    return dg.AssetCheckResult(
        check_name=name,
        passed=all(answers),
        severity=dg.AssetCheckSeverity.ERROR if False in answers else dg.AssetCheckSeverity.WARN,
        description=next((question["text"] for question in questions if not question["passed"]), questions[0]["text"]),
        metadata={
            "questions": table({"question": "string", "passed": "string", "answer": "string"}, rows),
            "figures": table({"question": "string", "figure": "string", "value": "float"}, figures),
        },
    )


def _word(passed: bool | None) -> str:
    return "too few messages" if passed is None else "yes" if passed else "no"
