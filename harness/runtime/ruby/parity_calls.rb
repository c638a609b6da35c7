# Calls the handlers of a tree, and makes the outcomes of what they did.

require 'parity_json'

class ParityCalls
  PATTERN = '*_handler.rb'
  SKIPPED = %w[node_modules vendor].freeze
  IDENTITY = %r{\A[^/]+/[^/]+\z}

  # A tree that can not be loaded: where, why and what to do.
  class Refused < StandardError; end

  # Raised at a handler that reaches for something that is not its own.
  class DeniedError < Exception; end # rubocop:disable Lint/InheritException

  # The outcome of a call that was refused something.
  class << self
    attr_accessor :denial

    # Keeps handlers from other processes, one of which would answer in this one's place.
    def close_doors
      %i[fork spawn system exec `].each do |name|
        refusal = lambda do |*|
          ParityCalls.denial ||= { status: 'denied', what: 'process', detail: name.to_s }
          raise DeniedError, "handlers may not do this (process): #{name}"
        end
        [Kernel, Kernel.singleton_class, Process.singleton_class].each { |place| place.define_method(name, &refusal) }
      end
    end
  end

  def initialize(root)
    @root = root
    files = Dir.glob("**/#{PATTERN}", base: root).reject { |file| SKIPPED.intersect?(file.split('/')) }.sort
    raise Refused, "#{root}: no Ruby handlers here; files named #{PATTERN} are looked for in it and below it" if files.empty?

    self.class.close_doors
    $LOAD_PATH.unshift(root)
    @classes = {}
    places = {}
    files.each { |file| load_file(file).each { |handler| add(handler, file, places) } }
  end

  def handlers = @classes.keys.sort

  # The outcome of a call.
  def answer(input)
    ambient = input['ambient']
    ParityStreams.reset(ambient['now'], ambient['entropy'])
    self.class.denial = nil
    outcome = call(input, ambient)
    # Whatever the handler made of the refusal.
    self.class.denial || outcome
  end

  private

  # The handler classes that a file brings.
  def load_file(file)
    before = known
    require File.join(@root, file)
    found = (known - before).reject { |handler| handler.instance_method(:call).owner == TaskerCore::StepHandler::Base }
    raise Refused, "#{@root}/#{file}: no handler here; define a class below TaskerCore::StepHandler::Base" if found.empty?

    found
  rescue Refused
    raise
  rescue Exception => e # rubocop:disable Lint/RescueException
    frame = e.backtrace_locations&.find { |location| location.path.start_with?("#{@root}/") }
    place = frame ? "#{frame.path}:#{frame.lineno}" : "#{@root}/#{file}"
    raise Refused, "#{place}: #{e.class}: #{e.message}"
  end

  def known = ObjectSpace.each_object(TaskerCore::StepHandler::Base.singleton_class).to_a

  def add(handler, file, places)
    identity = handler.handler_name
    unless identity.is_a?(String) && identity.match?(IDENTITY)
      advice = "give class #{handler} a constant HANDLER_NAME of the form 'namespace/step' (it is #{identity.inspect})"
      raise Refused, "#{@root}/#{file}: #{advice}"
    end
    if places.key?(identity)
      first = "#{@root}/#{places[identity]}"
      raise Refused, "#{@root}/#{file}: handler #{identity} is also in #{first}; give one of them another name"
    end
    places[identity] = file
    @classes[identity] = handler
  end

  def call(input, ambient)
    # In an envelope, so that the package takes off this one and never touches the value.
    stored = input['dependencies'].transform_values { |result| { 'result' => result } }
    context = TaskerCore::Types::StepContext.new(
      task_uuid: ambient['task_uuid'], step_uuid: ambient['step_uuid'], handler_name: input['handler'],
      input_data: input['context'], dependency_results: stored, step_config: input['step_config'],
      retry_count: input['attempt'] - 1, max_retries: input['max_attempts']
    )
    planned(@classes.fetch(input['handler']).new.call(context))
  rescue TaskerCore::Errors::PermanentError => e
    failed('permanent', e.error_code, e.message, e.retry_after, e.context)
  rescue TaskerCore::Errors::RetryableError => e
    failed('retryable', e.error_code, e.message, e.retry_after, e.context)
  rescue SystemExit
    { status: 'exited' }
  rescue SystemStackError
    { status: 'stack_overflow' }
  rescue NoMemoryError
    { status: 'out_of_memory' }
  rescue Exception => e # rubocop:disable Lint/RescueException
    crashed(e.class.name || 'an exception without a name', e.message, trace(e))
  end

  def planned(result)
    unless result.is_a?(TaskerCore::Types::StepHandlerCallResult)
      return crashed(result.class.name, 'the handler returned no StepHandlerCallResult', '')
    end
    return document({ status: 'completed' }, result: result.result, metadata: result.metadata) if result.success?

    metadata = (result.metadata || {}).with_indifferent_access
    code = result.error_code || metadata['error_code']
    rest = metadata.except('error_code', 'retry_after')
    failed(result.retryable ? 'retryable' : 'permanent', code, result.message, metadata['retry_after'], rest)
  end

  def failed(kind, code, message, retry_after, context)
    document({ status: 'failed', kind: kind }, code: code, message: message, retry_after: retry_after, context: context)
  end

  def document(head, **members)
    members.each_with_object(head) do |(name, value), document|
      document[name] = ParityJson::Reader.new.read(value)
    rescue ParityJson::NotJson => e
      e.path.push(name.to_s)
      return { status: 'unserialisable', path: e.pointer, what: e.message }
    end
  end

  def crashed(name, message, trace)
    texts = [name, message, trace].map { |text| text.dup.force_encoding(Encoding::UTF_8).scrub }
    { status: 'crashed', class: texts[0], message: texts[1], trace: texts[2] }
  end

  # The frames of the tree, the innermost last.
  def trace(error)
    own = (error.backtrace || []).select { |frame| frame.start_with?("#{@root}/") }
    own.reverse.map { |frame| frame.delete_prefix("#{@root}/") }.join("\n")
  end
end
