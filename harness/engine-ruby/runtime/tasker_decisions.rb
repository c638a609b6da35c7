# Decisions: which steps of the workflow come next.

module TaskerCore
  module Types
    # The steps that are created, or why there are none.
    class DecisionPointOutcome
      attr_reader :decision_type, :next_step_names, :dynamic_steps, :reason, :routing_context

      def self.create_steps(step_names, dynamic_steps: nil, routing_context: {})
        new('create_steps', step_names, dynamic_steps, nil, routing_context)
      end

      def self.no_branches(reason: nil, routing_context: {}) = new('no_branches', [], nil, reason, routing_context)

      def initialize(decision_type, next_step_names, dynamic_steps, reason, routing_context)
        @decision_type = decision_type
        @next_step_names = next_step_names
        @dynamic_steps = dynamic_steps
        @reason = reason
        @routing_context = routing_context || {}
      end
    end
  end

  module StepHandler
    module Mixins
      # What a handler that decides has.
      module Decision
        # Goes on with these steps.
        def decision_success(steps:, routing_context: {}, metadata: {})
          outcome = Types::DecisionPointOutcome.create_steps(steps, routing_context: routing_context)
          decision_success_with_outcome(outcome, metadata: metadata)
        end

        # The same with steps that no template has.
        def decision_success_with_outcome(outcome, metadata: {})
          result = { decision_point_outcome: { type: outcome.decision_type, step_names: outcome.next_step_names } }
          result[:dynamic_steps] = outcome.dynamic_steps if outcome.dynamic_steps.present?
          decided(result, outcome, metadata)
        end

        # Goes on with no step.
        def decision_no_branches(outcome, metadata: {})
          decided({ decision_point_outcome: { type: outcome.decision_type }, reason: outcome.reason }, outcome, metadata)
        end

        # Another name of `decision_success`.
        def route_to_steps(...) = decision_success(...)

        # Goes on with no step, for a reason.
        def skip_branches(reason:, routing_context: {}, metadata: {})
          outcome = Types::DecisionPointOutcome.no_branches(reason: reason, routing_context: routing_context)
          decision_no_branches(outcome, metadata: metadata)
        end

        # It cannot be decided.
        def decision_failure(message:, error_type: 'decision_error', retryable: false, metadata: {})
          failure(message: message, error_type: error_type, retryable: retryable, metadata: by_decision(metadata))
        end

        private

        def decided(result, outcome, metadata)
          result[:routing_context] = outcome.routing_context if outcome.routing_context.present?
          success(result: result, metadata: by_decision(metadata))
        end

        def by_decision(metadata)
          (metadata || {}).merge(decision_handler: handler_name, decision_version: handler_version)
        end
      end
    end

    # A handler that decides.
    class Decision < Base
      include Mixins::Decision
    end
  end
end
