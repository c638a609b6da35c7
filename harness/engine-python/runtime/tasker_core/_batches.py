"""Documents of batch processing: what an analyzer asks for, what a worker is given, and what it reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from tasker_core._checks import Model
from tasker_core.types import StepContext


@dataclass(init=False)
class CursorConfig(Model):
    """A range of items."""

    start_cursor: int
    end_cursor: int
    step_size: int = 1
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(init=False)
class BatchAnalyzerOutcome(Model):
    """The ranges, each for a worker."""

    cursor_configs: list[CursorConfig] = field(default_factory=list)
    total_items: int | None = None
    batch_metadata: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_ranges(
        cls,
        ranges: list[tuple[int, int]],
        step_size: int = 1,
        total_items: int | None = None,
        batch_metadata: dict[str, Any] | None = None,
    ) -> BatchAnalyzerOutcome:
        """Makes one of starts and ends."""
        configs = [CursorConfig(start_cursor=start, end_cursor=end, step_size=step_size) for start, end in ranges]
        return cls(cursor_configs=configs, total_items=total_items, batch_metadata=batch_metadata or {})


@dataclass(init=False)
class BatchWorkerContext(Model):
    """What a worker is to do, and how far an earlier call came."""

    batch_id: str
    cursor_config: CursorConfig
    batch_index: int
    total_batches: int
    batch_metadata: dict[str, Any] = field(default_factory=dict)
    checkpoint: dict[str, Any] = field(default_factory=dict)

    @property
    def start_cursor(self) -> int:
        """The first item."""
        return self.cursor_config.start_cursor

    @property
    def end_cursor(self) -> int:
        """The item behind the last one."""
        return self.cursor_config.end_cursor

    @property
    def step_size(self) -> int:
        """How many items are done at once."""
        return self.cursor_config.step_size

    @property
    def checkpoint_cursor(self) -> Any:
        """The position at which an earlier call stopped."""
        return self.checkpoint.get("cursor")

    @property
    def accumulated_results(self) -> Any:
        """What it had gathered."""
        return self.checkpoint.get("accumulated_results")

    def has_checkpoint(self) -> bool:
        """Whether an earlier call stopped."""
        return bool(self.checkpoint and self.checkpoint.get("cursor") is not None)

    @property
    def checkpoint_items_processed(self) -> int:
        """The items that it had done."""
        return int(self.checkpoint.get("items_processed", 0))

    @classmethod
    def from_step_context(cls, step_context: StepContext) -> BatchWorkerContext | None:
        """What the step's inputs say, else its configuration, else the task's input; nothing if none of them does."""
        checkpoint = step_context.checkpoint or {}
        inputs = step_context.step_inputs
        if inputs and "cursor" in inputs:
            cursor = inputs.get("cursor", {})
            return cls(
                batch_id=cursor.get("batch_id", ""),
                cursor_config=_cursor_config(cursor, cursor.get("batch_size", 1)),
                batch_index=0,
                total_batches=1,
                batch_metadata=inputs.get("batch_metadata", {}),
                checkpoint=checkpoint,
            )
        batch = step_context.step_config.get("batch_context")
        if batch is None:
            batch = step_context.input_data.get("batch_context")
        if batch is None:
            return None
        return cls(
            batch_id=batch.get("batch_id", ""),
            cursor_config=_cursor_config(batch.get("cursor_config", {}), 1),
            batch_index=batch.get("batch_index", 0),
            total_batches=batch.get("total_batches", 1),
            batch_metadata=batch.get("batch_metadata", {}),
            checkpoint=checkpoint,
        )


def _cursor_config(cursor: dict[str, Any], step_size: int) -> CursorConfig:
    return CursorConfig(
        start_cursor=cursor.get("start_cursor", 0),
        end_cursor=cursor.get("end_cursor", 0),
        step_size=cursor.get("step_size", step_size),
        metadata=cursor.get("metadata", {}),
    )


@dataclass(init=False)
class BatchWorkerOutcome(Model):
    """What a worker did."""

    items_processed: int = 0
    items_succeeded: int = 0
    items_failed: int = 0
    items_skipped: int = 0
    results: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    last_cursor: int | None = None
    batch_metadata: dict[str, Any] = field(default_factory=dict)


class FailureStrategy(str, Enum):
    """What becomes of the other items when one fails."""

    CONTINUE_ON_FAILURE = "continue_on_failure"
    FAIL_FAST = "fail_fast"
    ISOLATE = "isolate"


@dataclass(init=False)
class RustCursorConfig(Model):
    """A range as the engine keeps it: its ends may be of any type."""

    batch_id: str
    start_cursor: Any
    end_cursor: Any
    batch_size: int


@dataclass(init=False)
class BatchMetadata(Model):
    """What the template says of the batches."""

    cursor_field: str
    failure_strategy: FailureStrategy


@dataclass(init=False)
class RustBatchWorkerInputs(Model):
    """What the engine gives a worker."""

    cursor: RustCursorConfig
    batch_metadata: BatchMetadata
    is_no_op: bool


@dataclass(init=False)
class NoBatchesOutcome(Model):
    """There are no batches."""

    type: str = "no_batches"


@dataclass(init=False)
class CreateBatchesOutcome(Model):
    """Workers are made, one for each range."""

    type: str = "create_batches"
    worker_template_name: str = field(kw_only=True)
    worker_count: int = field(kw_only=True)
    cursor_configs: list[RustCursorConfig] = field(kw_only=True)
    total_items: int = field(kw_only=True)


BatchProcessingOutcome = NoBatchesOutcome | CreateBatchesOutcome


def no_batches() -> NoBatchesOutcome:
    """There are no batches."""
    return NoBatchesOutcome()


def create_batches(
    worker_template_name: str, worker_count: int, cursor_configs: list[RustCursorConfig], total_items: int
) -> CreateBatchesOutcome:
    """Workers are made, one for each range."""
    if len(cursor_configs) != worker_count:
        msg = f"cursor_configs length ({len(cursor_configs)}) must equal worker_count ({worker_count})"
        raise ValueError(msg)
    return CreateBatchesOutcome(
        worker_template_name=worker_template_name,
        worker_count=worker_count,
        cursor_configs=cursor_configs,
        total_items=total_items,
    )
