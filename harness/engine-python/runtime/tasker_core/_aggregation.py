"""What becomes of the results of all batches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tasker_core._checks import Model
from tasker_core.step_handler import Mixin
from tasker_core.types import StepHandlerResult

#: So many errors are handed on.
MOST_ERRORS = 100


@dataclass(init=False)
class BatchAggregationResult(Model):
    """The sums over all workers."""

    total_processed: int
    total_succeeded: int
    total_failed: int
    total_skipped: int
    batch_count: int
    success_rate: float
    errors: list[dict[str, Any]] = field(default_factory=list)
    error_count: int = field(kw_only=True)


def aggregate_batch_results(
    worker_results: list[dict[str, Any] | None], max_errors: int = MOST_ERRORS
) -> BatchAggregationResult:
    """Adds up what workers report; a worker without a result counts for nothing."""
    results = [result for result in worker_results if result is not None]
    errors: list[dict[str, Any]] = []
    for result in results:
        own = result.get("errors")
        if own and isinstance(own, list):
            errors.extend(own)
    return BatchAggregationResult(
        **_sums(results), batch_count=len(results), errors=errors[:max_errors], error_count=len(errors)
    )


def _sums(results: list[dict[str, Any]]) -> dict[str, Any]:
    sums: dict[str, Any] = dict.fromkeys(("total_processed", "total_succeeded", "total_failed", "total_skipped"), 0)
    for result in results:
        for name in sums:
            sums[name] += result.get(name.replace("total", "items"), 0)
    processed = sums["total_processed"]
    sums["success_rate"] = sums["total_succeeded"] / processed if processed > 0 else 0.0
    return sums


@dataclass
class BatchAggregationScenario:
    """Whether there were batches, and their results."""

    is_no_batches: bool
    batchable_result: dict[str, Any]
    batch_results: dict[str, dict[str, Any]]
    worker_count: int

    @classmethod
    def detect(
        cls, dependency_results: dict[str, Any], batchable_step_name: str, batch_worker_prefix: str
    ) -> BatchAggregationScenario:
        """Reads it from the results of earlier steps."""
        found = _opened(dependency_results.get(batchable_step_name))
        if found is None:
            msg = f"Missing batchable step dependency: {batchable_step_name}"
            raise ValueError(msg)
        own = found if isinstance(found, dict) else {}
        outcome = own.get("batch_processing_outcome", {})
        if isinstance(outcome, dict) and outcome.get("type") == "no_batches":
            return cls(True, own, {}, 0)
        steps = [step for step in dependency_results if step.startswith(batch_worker_prefix)]
        results = {step: _opened(dependency_results[step]) for step in steps}
        if not results:
            msg = (
                f"No batch workers found with prefix '{batch_worker_prefix}' and batchable step "
                f"'{batchable_step_name}' did not return NoBatches outcome. "
                "This indicates a workflow configuration error."
            )
            raise ValueError(msg)
        dicts = {step: result if isinstance(result, dict) else {} for step, result in results.items()}
        return cls(False, own, dicts, len(dicts))

    def no_batches(self) -> bool:
        """Whether there were none."""
        return self.is_no_batches


def _opened(stored: Any) -> Any:
    """A result out of its envelope, if it has one."""
    return stored["result"] if isinstance(stored, dict) and "result" in stored else stored


class Aggregation(Mixin):
    """What a handler has that puts batches together again."""

    def detect_aggregation_scenario(
        self, dependency_results: dict[str, Any], batchable_step_name: str, batch_worker_prefix: str
    ) -> BatchAggregationScenario:
        """Whether there were batches, and their results."""
        return BatchAggregationScenario.detect(dependency_results, batchable_step_name, batch_worker_prefix)

    def no_batches_aggregation_result(self, zero_metrics: dict[str, Any] | None = None) -> StepHandlerResult:
        """The result where there were none."""
        return self.success({"worker_count": 0, "scenario": "no_batches", **(zero_metrics or {})})

    def aggregate_batch_worker_results(
        self,
        scenario: BatchAggregationScenario,
        zero_metrics: dict[str, Any] | None = None,
        aggregation_fn: Callable[[dict[str, dict[str, Any]]], dict[str, Any]] | None = None,
    ) -> StepHandlerResult:
        """The result either way."""
        if scenario.is_no_batches:
            return self.no_batches_aggregation_result(zero_metrics)
        results = scenario.batch_results
        aggregated = {"batch_results": results} if aggregation_fn is None else aggregation_fn(results)
        return self.success({**aggregated, "worker_count": scenario.worker_count, "scenario": "with_batches"})

    @staticmethod
    def aggregate_worker_results(worker_results: list[dict[str, Any]]) -> dict[str, Any]:
        """Adds up what workers report."""
        results = [result for result in worker_results if result is not None]
        errors = [error for result in results for error in result.get("errors") or []]
        counts = {"batch_count": len(worker_results), "errors": errors[:MOST_ERRORS], "error_count": len(errors)}
        return {**_sums(results), **counts}
