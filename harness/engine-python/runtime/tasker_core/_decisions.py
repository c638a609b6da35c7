"""Decisions: which steps of the workflow come next."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from tasker_core._checks import Model
from tasker_core.step_handler import Mixin, StepHandler
from tasker_core.types import StepHandlerResult


class DecisionType(str, Enum):
    """What a decision comes to."""

    CREATE_STEPS = "create_steps"
    NO_BRANCHES = "no_branches"


@dataclass(init=False)
class DecisionPointOutcome(Model):
    """The steps that are created, or why there are none."""

    decision_type: DecisionType
    next_step_names: list[str] = field(default_factory=list)
    dynamic_steps: list[dict[str, Any]] | None = None
    reason: str | None = None
    routing_context: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def create_steps(
        cls,
        step_names: list[str],
        dynamic_steps: list[dict[str, Any]] | None = None,
        routing_context: dict[str, Any] | None = None,
    ) -> DecisionPointOutcome:
        """These steps are created."""
        return cls(
            decision_type=DecisionType.CREATE_STEPS,
            next_step_names=step_names,
            dynamic_steps=dynamic_steps,
            routing_context=routing_context or {},
        )

    @classmethod
    def no_branches(cls, reason: str, routing_context: dict[str, Any] | None = None) -> DecisionPointOutcome:
        """None are."""
        return cls(decision_type=DecisionType.NO_BRANCHES, reason=reason, routing_context=routing_context or {})


class DecisionMixin(Mixin):
    """What a handler that decides has."""

    @property
    def decision_capabilities(self) -> list[str]:
        """What such a handler can do."""
        return ["decision", "routing"]

    def decision_success(
        self,
        steps: list[str],
        routing_context: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> StepHandlerResult:
        """Goes on with these steps."""
        outcome = DecisionPointOutcome.create_steps(steps, routing_context=routing_context)
        return self.decision_success_with_outcome(outcome, metadata=metadata)

    def decision_success_with_outcome(
        self, outcome: DecisionPointOutcome, metadata: dict[str, Any] | None = None
    ) -> StepHandlerResult:
        """The same with steps that no template has."""
        names = outcome.next_step_names
        result: dict[str, Any] = {
            "decision_point_outcome": {"type": outcome.decision_type.value, "step_names": names},
        }
        if outcome.dynamic_steps:
            result["dynamic_steps"] = outcome.dynamic_steps
        if outcome.routing_context:
            result["routing_context"] = outcome.routing_context
        return self.success(result, metadata=self._decided(metadata))

    def decision_no_branches(
        self, outcome: DecisionPointOutcome, metadata: dict[str, Any] | None = None
    ) -> StepHandlerResult:
        """Goes on with no step."""
        result: dict[str, Any] = {
            "decision_point_outcome": {"type": outcome.decision_type.value},
            "reason": outcome.reason,
        }
        if outcome.routing_context:
            result["routing_context"] = outcome.routing_context
        return self.success(result, metadata=self._decided(metadata))

    def route_to_steps(
        self,
        step_names: list[str],
        routing_context: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> StepHandlerResult:
        """Another name of ``decision_success``."""
        return self.decision_success(step_names, routing_context, metadata)

    def skip_branches(
        self,
        reason: str,
        routing_context: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> StepHandlerResult:
        """Goes on with no step, for a reason."""
        outcome = DecisionPointOutcome.no_branches(reason=reason, routing_context=routing_context)
        return self.decision_no_branches(outcome, metadata=metadata)

    def decision_failure(
        self,
        message: str,
        error_type: str = "decision_error",
        retryable: bool = False,
        metadata: dict[str, Any] | None = None,
    ) -> StepHandlerResult:
        """It cannot be decided."""
        return self.failure(message, error_type, retryable, self._decided(metadata))

    def _decided(self, metadata: dict[str, Any] | None) -> dict[str, Any]:
        # What the handler gave is changed, as the package does.
        decided = metadata or {}
        decided["decision_handler"] = self.name
        decided["decision_version"] = self.version
        return decided


class DecisionHandler(DecisionMixin, StepHandler):
    """A handler that decides."""

    @property
    def capabilities(self) -> list[str]:
        """What the handler can do."""
        return ["process", "decision", "routing"]
