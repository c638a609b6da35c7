# A small implementation of TaskerCore, enough to run step handlers without the engine behind them.

require 'active_support'
require 'active_support/all'

module TaskerCore
  # What handlers raise. What is raised keeps its code, its context and its delay.
  module Errors
    class Error < StandardError; end

    # A failure that no retry can mend.
    class PermanentError < Error
      attr_reader :error_code, :context

      def initialize(message, error_code: nil, context: {}, **)
        super(message)
        @error_code = error_code
        @context = context
      end

      def retry_after = nil
    end

    # A failure that another attempt may mend.
    class RetryableError < Error
      attr_reader :retry_after, :context

      def initialize(message, retry_after: nil, context: {}, **)
        super(message)
        @retry_after = retry_after
        @context = context
      end

      def error_code = nil
    end

    ValidationError = Class.new(PermanentError)
    NotFoundError = Class.new(PermanentError)
    ConfigurationError = Class.new(PermanentError)
    NetworkError = Class.new(RetryableError)
    TimeoutError = Class.new(RetryableError)
  end

  module Types
    # What a handler returns.
    class StepHandlerCallResult
      attr_reader :result, :metadata, :message, :error_type, :error_code, :retryable

      def self.success(result: {}, metadata: {}) = new(success: true, result: result, metadata: metadata)

      def self.error(message:, error_type: 'UnexpectedError', error_code: nil, retryable: false, metadata: {})
        new(success: false, message: message, error_type: error_type, error_code: error_code, retryable: retryable,
            metadata: metadata)
      end

      def initialize(success:, result: nil, message: nil, error_type: nil, error_code: nil, retryable: false, metadata: {})
        @success = success
        @result = result
        @message = message
        @error_type = error_type
        @error_code = error_code
        @retryable = retryable
        @metadata = metadata
      end

      def success? = @success
    end

    # Everything a handler is given for one call. Hashes are read by text and by symbol alike.
    class StepContext
      attr_reader :task_uuid, :step_uuid, :handler_name, :input_data, :dependency_results, :step_config, :step_inputs,
                  :retry_count, :max_retries, :checkpoint

      def initialize(task_uuid:, step_uuid:, handler_name:, input_data:, dependency_results:, step_config:, retry_count:,
                     max_retries:, step_inputs: {}, checkpoint: nil)
        @task_uuid = task_uuid
        @step_uuid = step_uuid
        @handler_name = handler_name
        @input_data = input_data.with_indifferent_access
        @dependency_results = dependency_results.with_indifferent_access
        @step_config = step_config.with_indifferent_access
        @step_inputs = step_inputs.with_indifferent_access
        @retry_count = retry_count
        @max_retries = max_retries
        @checkpoint = checkpoint&.with_indifferent_access
      end

      def get_input(name) = @input_data[name]
      alias get_task_field get_input

      def get_config(name) = @step_config[name]

      def get_input_or(name, default = nil)
        value = get_input(name)
        value.nil? ? default : value
      end

      # Out of its envelope, if it has one.
      def get_dependency_result(step)
        stored = @dependency_results[step]
        stored.is_a?(Hash) && stored.key?('result') ? stored['result'] : stored
      end

      def get_dependency_field(step, *path)
        result = get_dependency_result(step)
        result.nil? || path.empty? ? result : result.dig(*path.map(&:to_s))
      end

      def get_dependency_result_keys = @dependency_results.keys
      def is_retry? = @retry_count.positive?
      def is_last_retry? = @retry_count >= @max_retries - 1

      # Where an earlier call of this step stopped, if one did.
      def checkpoint_cursor = @checkpoint && @checkpoint['cursor']
      def checkpoint_items_processed = @checkpoint&.fetch('items_processed', nil) || 0
      def accumulated_results = @checkpoint && @checkpoint['accumulated_results']
      def has_checkpoint? = !checkpoint_cursor.nil?

      def get_all_dependency_results(prefix = '')
        steps = @dependency_results.keys.select { |step| step.start_with?(prefix) }
        steps.map { |step| get_dependency_result(step) }.compact
      end
    end
  end

  module StepHandler
    # Base class of the handlers.
    class Base
      class << self
        # What the handler says its name is; by default its class says it.
        def handler_name = const_defined?(:HANDLER_NAME) ? const_get(:HANDLER_NAME) : name.to_s

        def handler_version = const_defined?(:VERSION) ? const_get(:VERSION) : '1.0.0'
      end

      def handler_name = self.class.handler_name
      def handler_version = self.class.handler_version

      def call(_context) = raise(NotImplementedError, "#{self.class} has no method call")

      def success(result: {}, metadata: {}) = Types::StepHandlerCallResult.success(result: result, metadata: metadata)

      def failure(message:, **rest) = Types::StepHandlerCallResult.error(message: message, **rest)

      # What is logged belongs to nobody.
      def logger = @logger ||= Logger.new(nil)
    end
  end
end

require 'tasker_decisions'
require 'tasker_batches'
