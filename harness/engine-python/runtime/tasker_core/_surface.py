"""The names of ``tasker_core`` that belong to the worker and its engine, and the modules in which it keeps its names.

A handler may import every public name. What needs the engine fails when it is used, and is noted as asked for; a class
that is extended fails when the inherited part is used.
"""

from __future__ import annotations

import inspect
import sys
from abc import ABCMeta
from collections.abc import Callable
from types import ModuleType
from typing import Any

from tasker_core.step_handler import StepHandler

#: Modules and what they hold. A name that is not implemented here stands for something of the engine.
MODULES = {
    "": (
        "ApiHandler ApiResponse BasePublisher BaseResolver BaseSubscriber BatchAggregationScenario "
        "BatchAnalyzerOutcome BatchWorkerConfig BatchWorkerContext BatchWorkerOutcome Batchable BootstrapConfig "
        "BootstrapResult ClassLookupResolver ClientHealthResponse ClientPaginationInfo ClientStepAuditResponse "
        "ClientStepResponse ClientTaskListResponse ClientTaskResponse ComponentHealth ConversionError CursorConfig "
        "DecisionHandler DecisionPointOutcome DecisionType DependencyResultsWrapper DomainEventMetadata "
        "ErrorClassifier EventBridge EventDeclaration EventNames EventPoller ExecutionResult "
        "ExplicitMappingResolver FFIError FfiDispatchMetrics FfiStepEvent HandlerDefinition HandlerDiscovery "
        "HandlerWrapper HealthCheck InProcessDomainEvent InProcessDomainEventPoller LogContext "
        "MethodDispatchWrapper PublishContext RegistryResolver ResolutionError ResolverChain ResolverNotFoundError "
        "ResultStatus StarvationWarning StepDefinitionWrapper StepError StepEventContext StepExecutionError "
        "StepExecutionResult StepExecutionSubscriber StepHandlerCallResult StepResult TaskSequenceStepWrapper "
        "TaskWrapper TaskerClient TemplateParser TemplatePath Worker WorkerAlreadyRunningError "
        "WorkerBootstrapError WorkerConfig WorkerMetrics WorkerNotInitializedError WorkerState WorkerStatus "
        "WorkflowStepWrapper bootstrap_worker check_starvation_warnings cleanup_timeouts complete_step_event "
        "get_classifier get_ffi_dispatch_metrics get_health_check get_metrics get_rust_version get_version "
        "get_worker_config get_worker_status health_check is_permanent is_retryable is_worker_running log_debug "
        "log_error log_info log_trace log_warn poll_in_process_events poll_step_events stop_worker "
        "transition_to_graceful_shutdown version"
    ),
    "batch_processing": "BatchAggregationScenario BatchWorkerConfig Batchable",
    "batch_processing.batchable": "BatchAggregationScenario BatchWorkerConfig Batchable",
    "bootstrap": "bootstrap_worker get_worker_status is_worker_running stop_worker transition_to_graceful_shutdown",
    "client": "HealthResponse PaginationInfo StepAuditResponse StepResponse TaskListResponse TaskResponse TaskerClient",
    "domain_events": (
        "BasePublisher BaseSubscriber DefaultPublisher EventDeclaration InProcessDomainEventPoller PublishContext "
        "PublisherRegistry StepEventContext StepResult SubscriberRegistry"
    ),
    "errors.error_classifier": "ErrorClassifier get_classifier is_permanent is_retryable",
    "event_bridge": "EventBridge EventNames",
    "event_poller": "EventPoller",
    "exceptions": (
        "ConversionError FFIError TaskerError WorkerAlreadyRunningError WorkerBootstrapError WorkerNotInitializedError"
    ),
    "handler": "HandlerRegistry StepHandler",
    "models": (
        "DependencyResultsWrapper HandlerWrapper StepDefinitionWrapper TaskSequenceStepWrapper TaskWrapper "
        "WorkflowStepWrapper"
    ),
    "observability": "get_health_check get_metrics get_worker_config",
    "registry": (
        "BaseResolver ClassLookupResolver ExplicitMappingResolver HandlerDefinition MethodDispatchWrapper "
        "RegistryResolver ResolutionError ResolverChain ResolverNotFoundError"
    ),
    "registry.base_resolver": "BaseResolver",
    "registry.handler_definition": "HandlerDefinition",
    "registry.method_dispatch_wrapper": "MethodDispatchWrapper",
    "registry.registry_resolver": "RegistryResolver",
    "registry.resolver_chain": "ResolutionError ResolverChain ResolverNotFoundError",
    "registry.resolvers": "ClassLookupResolver ExplicitMappingResolver",
    "registry.resolvers.class_lookup": "ClassLookupResolver",
    "registry.resolvers.explicit_mapping": "ExplicitMappingResolver",
    "step_execution_subscriber": "StepExecutionError StepExecutionSubscriber",
    "step_handler": (
        "ApiHandler ApiResponse BatchConfig Decision DecisionHandler FunctionalHandler HandlerDecorator "
        "api_handler batch_analyzer batch_worker decision_handler depends_on inputs step_handler"
    ),
    "step_handler.api": "ApiHandler ApiResponse",
    "step_handler.base": "StepHandler StepHandlerCallResult",
    "step_handler.decision": "DecisionHandler",
    "step_handler.functional": (
        "BatchConfig Decision FunctionalHandler HandlerDecorator api_handler batch_analyzer batch_worker "
        "decision_handler depends_on inputs step_handler"
    ),
    "step_handler.mixins": "APIMixin ApiResponse DecisionMixin",
    "step_handler.mixins.api": "APIMixin ApiResponse",
    "step_handler.mixins.decision": "DecisionMixin",
    "template_discovery": "HandlerDiscovery TemplateParser TemplatePath",
    "types": (
        "BatchAggregationResult BatchAnalyzerOutcome BatchMetadata BatchProcessingOutcome BatchWorkerContext "
        "BatchWorkerOutcome BootstrapConfig BootstrapResult ClientHealthResponse ClientPaginationInfo "
        "ClientStepAuditResponse ClientStepReadiness ClientStepResponse ClientTaskListResponse ClientTaskResponse "
        "ComponentHealth CreateBatchesOutcome CursorConfig DecisionPointOutcome DecisionType DomainEventMetadata "
        "ExecutionResult FailureStrategy FfiDispatchMetrics FfiStepEvent HealthCheck InProcessDomainEvent "
        "LogContext NoBatchesOutcome ResultStatus RustBatchWorkerInputs RustCursorConfig StarvationWarning "
        "StepError StepExecutionResult StepHandlerCallResult WorkerConfig WorkerMetrics WorkerState WorkerStatus "
        "aggregate_batch_results create_batches no_batches"
    ),
    "worker": "Worker",
}

API_MEMBERS = (
    "api_capabilities api_failure api_success base_url client close connection_error default_headers default_timeout "
    "delete get patch post put request timeout_error"
)

#: What a handler extends, and the members that it inherits by that.
HANDLERS = {"ApiHandler": API_MEMBERS}
MIXINS = {"APIMixin": API_MEMBERS}
DECORATORS = {"api_handler"}

#: What the package's own classes have beyond what is implemented here.
MEMBERS = {
    "ErrorClassifier": "classify",
    "Model": "copy json model_copy model_dump_json model_validate_json",
    "HandlerRegistry": "bootstrap_handlers resolver_chain template_discovery_info",
    "StepContext": (
        "copy dict event from_ffi_event json model_copy model_dump model_dump_json model_validate task_sequence_step"
    ),
    "StepHandlerResult": "copy dict json model_copy model_dump_json model_validate model_validate_json",
}

#: What was asked for and is not provided: also a handler that catches the exception asked for it.
asked: list[str] = []


class UnsupportedError(NotImplementedError, AttributeError):
    """Something that only the engine of Tasker has."""

    def __init__(self, name: str) -> None:
        asked.append(f"tasker_core.{name}")
        super().__init__(f"{name} belongs to Tasker's engine; Parity's tasker_core has what step handlers need")


class _OfTheEngine(type):
    """The class of the engine's classes: they can be named and extended, and neither made nor looked into."""

    def __call__(cls, *_: Any, **__: Any) -> Any:
        raise UnsupportedError(cls.__name__)

    def __getattr__(cls, name: str) -> Any:
        raise AttributeError(name) if name.startswith("_") else UnsupportedError(f"{cls.__name__}.{name}")


class _Unprovided:
    """Stands for a member that only the engine has."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, *_: Any) -> Any:
        raise UnsupportedError(self._name)


def _members(owner: str, names: str) -> dict[str, Any]:
    return {name: _Unprovided(f"{owner}.{name}") for name in names.split()}


def _decorator(name: str) -> Callable[..., Any]:
    """Makes handlers that fail when they are called."""

    def decorator(handler: str, *_: Any, **__: Any) -> Callable[[Any], Any]:
        def decorate(function: Any) -> Any:
            def call(*_: Any) -> Any:
                raise UnsupportedError(name)

            members = {"handler_name": handler, "call": call, "__module__": function.__module__}
            function._handler_class = type(function.__name__, (StepHandler,), members)
            return function

        return decorate

    return decorator


def _make(name: str) -> Any:
    """What stands for a name of the engine's."""
    if name in HANDLERS:
        return ABCMeta(name, (StepHandler,), {"__module__": __name__, **_members(name, HANDLERS[name])})
    if name in MIXINS:
        return type(name, (), {"__module__": __name__, **_members(name, MIXINS[name])})
    if name in DECORATORS:
        return _decorator(name)
    if name.endswith("Error"):
        return type(name, (Exception,), {"__module__": __name__})
    if name[0].isupper():
        return _OfTheEngine(name, (), {"__module__": __name__})

    def function(*_: Any, **__: Any) -> Any:
        raise UnsupportedError(name)

    function.__name__ = function.__qualname__ = name
    return function


def install(known: dict[str, Any]) -> None:
    """Gives every module its names: those that are known, and what stands for the others."""
    for owner, members in MEMBERS.items():
        for member, unprovided in _members(owner, members).items():
            setattr(known[owner], member, unprovided)
    made: dict[str, Any] = {}
    for path, names in MODULES.items():
        full = f"tasker_core.{path}" if path else "tasker_core"
        module = sys.modules.get(full)
        if module is None:
            module = sys.modules[full] = ModuleType(full)
            parent, _, child = full.rpartition(".")
            setattr(sys.modules[parent], child, module)
        if not hasattr(module, "__path__"):
            setattr(module, "__path__", [])
        for name in names.split():
            if not hasattr(module, name):
                value = known[name] if name in known else made.get(name) or made.setdefault(name, _make(name))
                setattr(module, name, value)
    package = sys.modules["tasker_core"]
    public = {name for name, value in vars(package).items() if name[0] != "_" and not inspect.ismodule(value)}
    setattr(package, "__all__", sorted({*public, "__version__"}))
