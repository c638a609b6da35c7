/** Decisions: which steps of the workflow come next. */

import { StepHandler } from './handler.js';
import type { StepHandlerResult } from './result.js';
import type { JsonObject } from './values.js';

/** What a decision comes to. */
export const DecisionType = { CREATE_STEPS: 'create_steps', NO_BRANCHES: 'no_branches' } as const;

export type DecisionType = (typeof DecisionType)[keyof typeof DecisionType];

/** The steps that are created, or why there are none. */
export interface DecisionPointOutcome {
  decisionType: DecisionType;
  nextStepNames: string[];
  dynamicSteps?: JsonObject[] | null | undefined;
  reason?: string | null | undefined;
  routingContext?: JsonObject | undefined;
}

/** Makes such outcomes. */
export const DecisionPointOutcome = {
  createSteps: (
    stepNames: string[],
    dynamicSteps: JsonObject[] | null = null,
    routingContext: JsonObject = {},
  ): DecisionPointOutcome => ({
    decisionType: DecisionType.CREATE_STEPS,
    nextStepNames: stepNames,
    dynamicSteps,
    reason: null,
    routingContext,
  }),
  noBranches: (reason: string, routingContext: JsonObject = {}): DecisionPointOutcome => ({
    decisionType: DecisionType.NO_BRANCHES,
    nextStepNames: [],
    dynamicSteps: null,
    reason,
    routingContext,
  }),
};

/** What a function returns that decides. */
export class Decision {
  readonly outcome: DecisionPointOutcome;

  constructor(outcome: DecisionPointOutcome) {
    this.outcome = outcome;
  }

  /** Goes on with these steps. */
  static route(steps: string[], routingContext: JsonObject = {}): Decision {
    return new Decision(DecisionPointOutcome.createSteps(steps, null, routingContext));
  }

  /** Goes on with no step. */
  static skip(reason: string, routingContext: JsonObject = {}): Decision {
    return new Decision(DecisionPointOutcome.noBranches(reason, routingContext));
  }
}

/** A handler that decides. */
export abstract class DecisionHandler extends StepHandler {
  override get capabilities(): string[] {
    return ['process', 'decision', 'routing'];
  }

  /** Goes on with these steps. */
  protected decisionSuccess(steps: string[], routingContext?: JsonObject, metadata?: JsonObject): StepHandlerResult {
    return this.decisionSuccessWithOutcome(DecisionPointOutcome.createSteps(steps, null, routingContext), metadata);
  }

  /** The same with steps that no template has. */
  protected decisionSuccessWithOutcome(outcome: DecisionPointOutcome, metadata?: JsonObject): StepHandlerResult {
    const { decisionType, nextStepNames, dynamicSteps, routingContext } = outcome;
    const result: JsonObject = { decision_point_outcome: { type: decisionType, step_names: nextStepNames } };
    if (dynamicSteps !== undefined && dynamicSteps !== null && dynamicSteps.length > 0) {
      result.dynamic_steps = dynamicSteps;
    }
    return this.success(withContext(result, routingContext), this.#decided(metadata));
  }

  /** Goes on with no step. */
  protected decisionNoBranches(outcome: DecisionPointOutcome, metadata?: JsonObject): StepHandlerResult {
    const { decisionType, reason, routingContext } = outcome;
    const result = { decision_point_outcome: { type: decisionType }, reason: reason ?? null };
    return this.success(withContext(result, routingContext), this.#decided(metadata));
  }

  /** Another name of `decisionSuccess`. */
  protected routeToSteps(stepNames: string[], routingContext?: JsonObject, metadata?: JsonObject): StepHandlerResult {
    return this.decisionSuccess(stepNames, routingContext, metadata);
  }

  /** Goes on with no step, for a reason. */
  protected skipBranches(reason: string, routingContext?: JsonObject, metadata?: JsonObject): StepHandlerResult {
    return this.decisionNoBranches(DecisionPointOutcome.noBranches(reason, routingContext), metadata);
  }

  /** It cannot be decided. */
  protected decisionFailure(
    message: string,
    errorType = 'decision_error',
    retryable = false,
    metadata?: JsonObject,
  ): StepHandlerResult {
    return this.failure(message, errorType, retryable, this.#decided(metadata));
  }

  #decided(metadata: JsonObject = {}): JsonObject {
    return { ...metadata, decision_handler: this.name, decision_version: this.version };
  }
}

function withContext(result: JsonObject, routingContext: JsonObject = {}): JsonObject {
  return Object.keys(routingContext).length > 0 ? { ...result, routing_context: routingContext } : result;
}
