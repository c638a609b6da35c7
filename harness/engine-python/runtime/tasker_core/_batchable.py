"""What a handler has that splits work into batches, or does one of them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any
from uuid import uuid4

from tasker_core._aggregation import Aggregation
from tasker_core._batches import (
    BatchAnalyzerOutcome,
    BatchWorkerContext,
    BatchWorkerOutcome,
    CursorConfig,
    RustBatchWorkerInputs,
    RustCursorConfig,
    create_batches,
    no_batches,
)
from tasker_core.types import StepContext, StepHandlerResult


class BatchWorkerConfig:
    """The range of one of so many workers."""

    def __init__(
        self, batch_id: str, cursor_start: int, cursor_end: int, row_count: int, worker_index: int, total_workers: int
    ) -> None:
        self.batch_id = batch_id
        self.cursor_start = cursor_start
        self.cursor_end = cursor_end
        self.row_count = row_count
        self.worker_index = worker_index
        self.total_workers = total_workers

    def to_dict(self) -> dict[str, Any]:
        """The same as a dict."""
        return dict(vars(self))


class Batchable(Aggregation):
    """What a handler has that has to do with batches."""

    def create_cursor_config(
        self, start: int, end: int, step_size: int = 1, metadata: dict[str, Any] | None = None
    ) -> CursorConfig:
        """A range of items."""
        return CursorConfig(start_cursor=start, end_cursor=end, step_size=step_size, metadata=metadata or {})

    def create_cursor_ranges(
        self, total_items: int, batch_size: int, step_size: int = 1, max_batches: int | None = None
    ) -> list[CursorConfig]:
        """Ranges of this size; larger ones if there would be too many."""
        if total_items == 0:
            return []
        if batch_size <= 0:
            raise ValueError("batch_size must be > 0")
        if max_batches is not None and max_batches > 0 and _ceiling(total_items, batch_size) > max_batches:
            batch_size = _ceiling(total_items, max_batches)
        ranges = []
        start = 0
        while start < total_items:
            end = min(start + batch_size, total_items)
            ranges.append(CursorConfig(start_cursor=start, end_cursor=end, step_size=step_size))
            start = end
        return ranges

    def create_cursor_configs(self, total_items: int, worker_count: int) -> list[BatchWorkerConfig]:
        """A range for each of so many workers, as far as there are items."""
        if worker_count <= 0:
            raise ValueError("worker_count must be > 0")
        if total_items == 0:
            return []
        size = _ceiling(total_items, worker_count)
        configs = []
        for index in range(worker_count):
            start, end = index * size, min((index + 1) * size, total_items)
            if start >= total_items:
                break
            configs.append(BatchWorkerConfig(f"{index + 1:03d}", start, end, end - start, index, worker_count))
        return configs

    def get_batch_worker_inputs(self, context: StepContext) -> RustBatchWorkerInputs | None:
        """What the engine gave this worker; nothing if it is none."""
        if not context.step_inputs:
            return None
        try:
            return RustBatchWorkerInputs(**context.step_inputs)
        except ValueError:
            return None

    def handle_no_op_worker(self, context: StepContext) -> StepHandlerResult | None:
        """The result of a worker that stands for there being no batches."""
        inputs = self.get_batch_worker_inputs(context)
        if inputs is None or not inputs.is_no_op:
            return None
        return StepHandlerResult.success(
            {
                "batch_id": inputs.cursor.batch_id,
                "no_op": True,
                "processed_count": 0,
                "message": "No batches to process",
                "processed_at": datetime.now(timezone.utc).isoformat(),
            }
        )

    def create_batch_outcome(
        self, total_items: int, batch_size: int, step_size: int = 1, batch_metadata: dict[str, Any] | None = None
    ) -> BatchAnalyzerOutcome:
        """What an analyzer asks for: ranges of this size."""
        ranges = self.create_cursor_ranges(total_items, batch_size, step_size)
        return BatchAnalyzerOutcome(cursor_configs=ranges, total_items=total_items, batch_metadata=batch_metadata or {})

    def create_batch_outcome_from_ranges(
        self,
        ranges: list[tuple[int, int]],
        step_size: int = 1,
        total_items: int | None = None,
        batch_metadata: dict[str, Any] | None = None,
    ) -> BatchAnalyzerOutcome:
        """The same with ranges of any size."""
        return BatchAnalyzerOutcome.from_ranges(ranges, step_size, total_items, batch_metadata)

    def create_worker_outcome(
        self,
        items_processed: int,
        items_succeeded: int = 0,
        items_failed: int = 0,
        items_skipped: int = 0,
        results: list[dict[str, Any]] | None = None,
        errors: list[dict[str, Any]] | None = None,
        last_cursor: int | None = None,
        batch_metadata: dict[str, Any] | None = None,
    ) -> BatchWorkerOutcome:
        """What a worker did. Where none is said to have succeeded, all have."""
        return BatchWorkerOutcome(
            items_processed=items_processed,
            items_succeeded=items_succeeded or items_processed,
            items_failed=items_failed,
            items_skipped=items_skipped,
            results=results or [],
            errors=errors or [],
            last_cursor=last_cursor,
            batch_metadata=batch_metadata or {},
        )

    def get_batch_context(self, context: StepContext) -> BatchWorkerContext | None:
        """What this worker is to do; nothing if it is none."""
        return BatchWorkerContext.from_step_context(context)

    def create_batch_context(
        self,
        cursor_config: CursorConfig,
        batch_index: int,
        total_batches: int,
        batch_metadata: dict[str, Any] | None = None,
    ) -> BatchWorkerContext:
        """What a worker would be told to do."""
        return BatchWorkerContext(
            batch_id=str(uuid4()),
            cursor_config=cursor_config,
            batch_index=batch_index,
            total_batches=total_batches,
            batch_metadata=batch_metadata or {},
        )

    def batch_analyzer_success(
        self,
        outcome: BatchAnalyzerOutcome | None = None,
        metadata: dict[str, Any] | None = None,
        worker_template_name: str = "batch_worker",
        cursor_configs: list[CursorConfig] | None = None,
        total_items: int | None = None,
        batch_metadata: dict[str, Any] | None = None,
    ) -> StepHandlerResult:
        """Asks for a worker for each range, as an outcome or in keywords."""
        if cursor_configs is not None:
            ranges, total, shared = cursor_configs, total_items or 0, batch_metadata or {}
        elif outcome is not None:
            ranges, total, shared = outcome.cursor_configs, outcome.total_items or 0, outcome.batch_metadata
        else:
            return self.no_batches_outcome(reason="no_cursor_configs_provided")
        if not ranges:
            return self.no_batches_outcome(reason=shared.get("reason", "empty_dataset"), metadata=shared)
        configs = [
            RustCursorConfig(
                batch_id=f"{number:03d}",
                start_cursor=each.start_cursor,
                end_cursor=each.end_cursor,
                batch_size=each.end_cursor - each.start_cursor,
            )
            for number, each in enumerate(ranges, 1)
        ]
        created = create_batches(worker_template_name, len(configs), configs, total)
        result = {
            "batch_processing_outcome": created.model_dump(),
            "worker_count": len(configs),
            "total_items": total,
        }
        if shared:
            result["batch_metadata"] = shared
        return self.success(result, metadata=_marked(metadata, "batch_analyzer"))

    def no_batches_outcome(self, reason: str, metadata: dict[str, Any] | None = None) -> StepHandlerResult:
        """Asks for none, for a reason."""
        result = {"batch_processing_outcome": no_batches().model_dump(), "reason": reason, **(metadata or {})}
        return self.success(result, metadata={"batch_analyzer": True, "no_batches": True})

    def batch_worker_success(
        self,
        outcome: BatchWorkerOutcome | None = None,
        metadata: dict[str, Any] | None = None,
        items_processed: int | None = None,
        items_succeeded: int | None = None,
        items_failed: int = 0,
        items_skipped: int = 0,
        results: list[dict[str, Any]] | None = None,
        errors: list[dict[str, Any]] | None = None,
        last_cursor: int | None = None,
        batch_metadata: dict[str, Any] | None = None,
    ) -> StepHandlerResult:
        """A worker is done; what it did is an outcome, or in keywords, which are not checked."""
        if items_processed is not None:
            report = {
                "items_processed": items_processed,
                "items_succeeded": items_processed if items_succeeded is None else items_succeeded,
                "items_failed": items_failed,
                "items_skipped": items_skipped,
                "last_cursor": last_cursor,
                "batch_metadata": batch_metadata or {},
            }
            details = {"results": results, "errors": errors}
        elif outcome is not None:
            report, details = _reported(outcome)
        else:
            message = "batch_worker_success requires either outcome or items_processed"
            return self.failure(message, "invalid_args", retryable=False)
        result = {**report, **_given(details)}
        return self.success(result, metadata=_marked(metadata, "batch_worker"))

    def batch_worker_partial_failure(
        self, outcome: BatchWorkerOutcome, message: str | None = None, metadata: dict[str, Any] | None = None
    ) -> StepHandlerResult:
        """A worker is done although some items failed."""
        report, details = _reported(outcome)
        result = {**report, "partial_failure": True}
        if message:
            result["partial_failure_message"] = message
        marked = _marked(_marked(metadata, "batch_worker"), "had_failures")
        return self.success({**result, **_given(details)}, metadata=marked)

    def checkpoint_yield(
        self,
        cursor: int | str | dict[str, Any] | None,
        items_processed: int,
        accumulated_results: dict[str, Any] | None = None,
    ) -> StepHandlerResult:
        """A worker stops, and is to be called again from there."""
        result: dict[str, Any] = {"type": "checkpoint_yield", "cursor": cursor, "items_processed": items_processed}
        if accumulated_results is not None:
            result["accumulated_results"] = accumulated_results
        return StepHandlerResult.success(result, metadata={"checkpoint_yield": True, "batch_worker": True})


def _ceiling(total: int, size: int) -> int:
    return (total + size - 1) // size


def _reported(outcome: BatchWorkerOutcome) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is told of an outcome always, and what only if it holds anything."""
    names = ("items_processed", "items_succeeded", "items_failed", "items_skipped", "last_cursor", "batch_metadata")
    report = {name: getattr(outcome, name) for name in names}
    return report, {"results": outcome.results, "errors": outcome.errors}


def _given(details: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if value}


def _marked(metadata: dict[str, Any] | None, name: str) -> dict[str, Any]:
    # What the handler gave is changed, as the package does.
    marked = metadata or {}
    marked[name] = True
    return marked
