from typing import Any

import dagster as dg
import pytest

from sluice_pipeline.checks import GATE_CHECKS, check_of, check_results

RATES = {"spam": 100, "ham": 900, "truePositiveRate": 0.9, "falsePositiveRate": None}


def report(*questions: tuple[str, bool | None], promoted: bool = False, needed: dict[str, int] | None = None) -> dict[str, Any]:
    checks = [{"name": name, "passed": passed, "text": f"about {name}", "figures": {"p": 0.1}} for name, passed in questions]
    rates = {"all": {"champion": RATES, "challenger": RATES}, "old": {"champion": None, "challenger": RATES}}
    return {"gate": "sound", "promoted": promoted, "why": "because", "rates": rates, "checks": checks, "needed": needed}


def results(of: dict[str, Any] | None) -> dict[str, dg.AssetCheckResult]:
    return {str(result.check_name): result for result in check_results(of)}


@pytest.mark.parametrize(
    ("question", "check"),
    [
        ("truePositiveRate.all", "true_positive_rate_all"),
        ("falsePositiveRate.new", "false_positive_rate_new"),
        ("truePositiveRate.language.de", "true_positive_rate_language"),
        ("cost.old", "cost_old"),
        ("recall.leet", "recall"),
        ("recall.padding-50", "recall"),
        ("latency", "other_questions"),
        ("truePositiveRate.weekday", "other_questions"),
    ],
)
def test_each_question_of_the_gate_has_its_check(question: str, check: str) -> None:
    assert check_of(question) == check
    result = results(report((question, False)))[check]
    assert not result.passed
    assert result.description == f"about {question}"


def test_every_declared_check_has_one_result() -> None:
    for of in (None, report(), report(("recall.leet", True), ("recall.typos", False))):
        found = [result.check_name for result in check_results(of)]
        assert sorted(map(str, found)) == sorted(spec.name for spec in GATE_CHECKS)


def test_a_check_of_several_questions_fails_with_the_first_no_and_lists_all() -> None:
    result = results(report(("recall.leet", True), ("recall.typos", False), ("recall.nul", None)))["recall"]
    assert (result.passed, result.severity, result.description) == (False, dg.AssetCheckSeverity.ERROR, "about recall.typos")
    table = result.metadata["questions"]
    assert isinstance(table, dg.TableMetadataValue)
    assert [record.data["passed"] for record in table.records] == ["yes", "no", "too few messages"]


def test_too_few_messages_are_a_warning_and_not_a_pass() -> None:
    found = results(report(("cost.all", None), needed={"spam": 500, "ham": 700}))
    assert (found["cost_all"].passed, found["cost_all"].severity) == (False, dg.AssetCheckSeverity.WARN)
    assert (found["gate"].passed, found["gate"].severity) == (False, dg.AssetCheckSeverity.WARN)
    assert found["gate"].metadata["spam needed"] == dg.MetadataValue.int(500)


def test_the_first_model_passes() -> None:
    assert all(result.passed for result in results(None).values())
