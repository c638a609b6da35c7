# Batches: how work is split, what a worker is told, what it reports, and what becomes of all reports.

module TaskerCore
  module Types
    # A range of items.
    CursorConfig = Struct.new(:start_cursor, :end_cursor, :step_size, :metadata)

    # The ranges, each for a worker.
    BatchAnalyzerOutcome = Struct.new(:cursor_configs, :total_items, :batch_metadata)

    # What a worker is to do, and how far an earlier call came.
    class BatchWorkerContext
      attr_reader :batch_id, :cursor_config, :batch_metadata, :checkpoint

      # What the step's inputs say; nothing if they say nothing of a batch.
      def self.from_step_context(context)
        cursor = context.step_inputs['cursor']
        return if cursor.nil?

        size = cursor['step_size'] || cursor['batch_size'] || 1
        config = CursorConfig.new(cursor['start_cursor'] || 0, cursor['end_cursor'] || 0, size, cursor['metadata'] || {})
        new(cursor['batch_id'] || '', config, context.step_inputs['batch_metadata'] || {}, context.checkpoint || {})
      end

      def initialize(batch_id, cursor_config, batch_metadata, checkpoint)
        @batch_id = batch_id
        @cursor_config = cursor_config
        @batch_metadata = batch_metadata
        @checkpoint = checkpoint
      end

      def start_cursor = @cursor_config.start_cursor
      def end_cursor = @cursor_config.end_cursor
      def step_size = @cursor_config.step_size
      def checkpoint_cursor = @checkpoint['cursor']
      def accumulated_results = @checkpoint['accumulated_results']
      def checkpoint_items_processed = @checkpoint['items_processed'] || 0
      def has_checkpoint? = !checkpoint_cursor.nil?
    end

    # Whether there were batches, and their results.
    class BatchAggregationScenario
      attr_reader :batchable_result, :batch_results, :worker_count

      def self.detect(dependency_results, batchable_step_name, batch_worker_prefix)
        open = ->(stored) { stored.is_a?(Hash) && stored.key?('result') ? stored['result'] : stored }
        found = open.call(dependency_results[batchable_step_name])
        raise ArgumentError, "Missing batchable step dependency: #{batchable_step_name}" if found.nil?

        found = {} unless found.is_a?(Hash)
        outcome = found['batch_processing_outcome']
        return new(true, found, {}) if outcome.is_a?(Hash) && outcome['type'] == 'no_batches'

        workers = dependency_results.select { |step, _| step.start_with?(batch_worker_prefix) }
        raise ArgumentError, "No batch workers found with prefix '#{batch_worker_prefix}'" if workers.empty?

        new(false, found, workers.transform_values { |stored| open.call(stored).then { _1.is_a?(Hash) ? _1 : {} } })
      end

      def initialize(is_no_batches, batchable_result, batch_results)
        @is_no_batches = is_no_batches
        @batchable_result = batchable_result
        @batch_results = batch_results
        @worker_count = batch_results.size
      end

      def no_batches? = @is_no_batches
    end
  end

  module StepHandler
    module Mixins
      # What a handler has that has to do with batches.
      module Batchable
        # Ranges of this size; larger ones if there would be too many.
        def create_cursor_ranges(total_items, batch_size, step_size: 1, max_batches: nil)
          return [] if total_items.zero?
          raise ArgumentError, 'batch_size must be > 0' unless batch_size.positive?

          if max_batches&.positive? && ceiling(total_items, batch_size) > max_batches
            batch_size = ceiling(total_items, max_batches)
          end
          (0...total_items).step(batch_size).map do |start|
            Types::CursorConfig.new(start, [start + batch_size, total_items].min, step_size, {})
          end
        end

        # A range for each of so many workers, as far as there are items.
        def create_cursor_configs(total_items, worker_count)
          raise ArgumentError, 'worker_count must be > 0' unless worker_count.positive?
          return [] if total_items.zero?

          ranges = create_cursor_ranges(total_items, ceiling(total_items, worker_count))
          ranges.each_with_index.map do |range, index|
            { batch_id: format('%03d', index + 1), cursor_start: range.start_cursor, cursor_end: range.end_cursor,
              row_count: range.end_cursor - range.start_cursor, worker_index: index, total_workers: worker_count }
          end
        end

        # What an analyzer asks for: ranges of this size.
        def create_batch_outcome(total_items, batch_size, step_size: 1, batch_metadata: {})
          ranges = create_cursor_ranges(total_items, batch_size, step_size: step_size)
          Types::BatchAnalyzerOutcome.new(ranges, total_items, batch_metadata)
        end

        # Asks for a worker for each range.
        def batch_analyzer_success(outcome, metadata: {}, worker_template_name: 'batch_worker')
          ranges = outcome.cursor_configs
          shared = outcome.batch_metadata || {}
          if ranges.empty?
            return no_batches_outcome(reason: shared.with_indifferent_access[:reason] || 'empty_dataset', metadata: shared)
          end

          total = outcome.total_items || 0
          created = { type: 'create_batches', worker_template_name: worker_template_name, worker_count: ranges.size,
                      cursor_configs: ranges.each_with_index.map { |range, index| cursor(range, index) }, total_items: total }
          result = { batch_processing_outcome: created, worker_count: ranges.size, total_items: total }
          result[:batch_metadata] = shared if shared.present?
          success(result: result, metadata: metadata.merge(batch_analyzer: true))
        end

        # Asks for none, for a reason.
        def no_batches_outcome(reason:, metadata: {})
          result = { batch_processing_outcome: { type: 'no_batches' }, reason: reason }.merge(metadata.symbolize_keys)
          success(result: result, metadata: { batch_analyzer: true, no_batches: true })
        end

        # What this worker is to do; nothing if it is none.
        def get_batch_context(context) = Types::BatchWorkerContext.from_step_context(context)

        # The result of a worker that stands for there being no batches.
        def handle_no_op_worker(context)
          return unless context.step_inputs['is_no_op'] == true

          success(result: { batch_id: context.step_inputs.dig('cursor', 'batch_id'), no_op: true, processed_count: 0,
                            message: 'No batches to process', processed_at: Time.now.utc.iso8601 })
        end

        # A worker is done.
        def batch_worker_success(items_processed:, items_succeeded: nil, items_failed: 0, items_skipped: 0, results: [],
                                 errors: [], last_cursor: nil, batch_metadata: {}, metadata: {})
          result = { items_processed: items_processed, items_succeeded: items_succeeded || items_processed,
                     items_failed: items_failed, items_skipped: items_skipped, last_cursor: last_cursor,
                     batch_metadata: batch_metadata }
          result[:results] = results if results.present?
          result[:errors] = errors if errors.present?
          success(result: result, metadata: metadata.merge(batch_worker: true))
        end

        # A worker stops, and is to be called again from there.
        def checkpoint_yield(cursor:, items_processed:, accumulated_results: nil)
          result = { type: 'checkpoint_yield', cursor: cursor, items_processed: items_processed }
          result[:accumulated_results] = accumulated_results unless accumulated_results.nil?
          success(result: result, metadata: { checkpoint_yield: true, batch_worker: true })
        end

        # Whether there were batches, and their results.
        def detect_aggregation_scenario(dependency_results, batchable_step_name, batch_worker_prefix)
          Types::BatchAggregationScenario.detect(dependency_results, batchable_step_name, batch_worker_prefix)
        end

        # The result where there were none.
        def no_batches_aggregation_result(zero_metrics = {})
          success(result: { worker_count: 0, scenario: 'no_batches' }.merge((zero_metrics || {}).symbolize_keys))
        end

        # The result either way; the block makes one of those of the workers.
        def aggregate_batch_worker_results(scenario, zero_metrics: {}, &aggregation)
          return no_batches_aggregation_result(zero_metrics) if scenario.no_batches?

          results = scenario.batch_results
          aggregated = aggregation ? aggregation.call(results) : { batch_results: results }
          success(result: aggregated.symbolize_keys.merge(worker_count: scenario.worker_count, scenario: 'with_batches'))
        end

        private

        def ceiling(total, size) = (total + size - 1) / size

        def cursor(range, index)
          { batch_id: format('%03d', index + 1), start_cursor: range.start_cursor, end_cursor: range.end_cursor,
            batch_size: range.end_cursor - range.start_cursor }
        end
      end
    end

    # A handler that has to do with batches.
    class Batchable < Base
      include Mixins::Batchable
    end
  end
end
