# Calls the handlers of a tree, and makes the outcomes of what they did.

require 'parity_json'

class ParityCalls
  # A file that could not be loaded: `file`, `line`, `place`, `message`.
  attr_reader :not_loaded

  # Raised at a handler that reaches for something that is not its own.
  class DeniedError < Exception; end # rubocop:disable Lint/InheritException

  # The outcome of a call that was refused something.
  class << self
    attr_accessor :denial

    # Keeps handlers from other processes, one of which would answer in this one's place. Where new ones are allowed, they may start
    # programs.
    def close_doors(allowed)
      starting = allowed['process'] ? [] : %i[spawn system `]
      [:fork, :exec, *starting].each do |name|
        refusal = lambda do |*|
          ParityCalls.denial ||= { status: 'denied', what: 'process', detail: name.to_s }
          raise DeniedError, "handlers may not do this (process): #{name}"
        end
        [Kernel, Kernel.singleton_class, Process.singleton_class].each { |place| place.define_method(name, &refusal) }
      end
    end
  end

  def initialize(root, files, allowed)
    @root = root
    @classes = {}
    @not_loaded = []
    self.class.close_doors(allowed)
    $LOAD_PATH.unshift(root)
    @found = files.flat_map { |file| load_file(file) }
  end

  # What was found, in the order from which `assign` chooses.
  def found
    @found.map do |handler, file|
      line = Object.const_source_location(handler.name)&.last if handler.name
      { declared: declared(handler), name: handler.name.to_s, file: file, line: line, extended: extended?(handler),
        methods: methods_of(handler) }
    end
  end

  # Takes the places of the handlers in what was found.
  def assign(handlers)
    @classes = handlers.to_h { |id, place| [id, [@found[place].first, id.partition('#').last.then { _1.empty? ? :call : _1 }]] }
  end

  def handlers = @classes.keys.sort

  # The outcome of a call.
  def answer(input)
    ambient = input['ambient']
    ParityStreams.reset(ambient['now'], ambient['entropy'], ambient['zone'] || 'UTC')
    self.class.denial = nil
    outcome = call(input, ambient)
    # Whatever the handler made of the refusal.
    self.class.denial || outcome
  end

  private

  # The handler classes that a file brings, each with its file.
  def load_file(file)
    before = known
    ParityStreams.rewind
    require File.join(@root, file)
    found = (known - before).reject { |handler| methods_of(handler).empty? }
    found.sort_by { |handler| handler.name.to_s }.map { |handler| [handler, home(handler) || file] }
  rescue Exception => e # rubocop:disable Lint/RescueException
    frame = e.backtrace_locations&.find { |location| location.path.start_with?("#{@root}/") }
    place = frame&.path&.delete_prefix("#{@root}/")
    message = "#{e.class}: #{e.message}"
    @not_loaded << { file: file, place: place == file ? nil : place, line: frame&.lineno, message: message }
    []
  end

  def known = ObjectSpace.each_object(TaskerCore::StepHandler::Base.singleton_class).to_a

  # The file in which a class is defined, if it is one of the tree.
  def home(handler)
    place, = handler.name && Object.const_source_location(handler.name)
    place.delete_prefix("#{@root}/") if place&.start_with?("#{@root}/")
  end

  def declared(handler)
    name = handler.handler_name
    name.is_a?(String) && !name.empty? && name != handler.name ? [name] : []
  end

  # What a class and those that it extends have beyond every handler; a class without any is there to be extended.
  def methods_of(handler)
    own = handler.public_instance_methods.reject do |name|
      owner = handler.instance_method(name).owner
      owner >= TaskerCore::StepHandler::Base || owner.to_s.start_with?('TaskerCore::')
    end
    own.map(&:to_s).sort
  end

  def extended?(handler) = @found.any? { |other, _| other < handler }

  def call(input, ambient)
    # In an envelope, so that the package takes off this one and never touches the value.
    stored = input['dependencies'].transform_values { |result| { 'result' => result } }
    context = TaskerCore::Types::StepContext.new(
      task_uuid: ambient['task_uuid'], step_uuid: ambient['step_uuid'], handler_name: input['handler'].partition('#').first,
      input_data: input['context'], dependency_results: stored, step_config: input['step_config'],
      retry_count: input['attempt'] - 1, max_retries: input['max_attempts'],
      step_inputs: input['step_inputs'] || {}, checkpoint: input['checkpoint']
    )
    handler, method = @classes.fetch(input['handler'])
    planned(handler.new.public_send(method, context))
  rescue TaskerCore::Errors::PermanentError => e
    failed('permanent', **raised(e))
  rescue TaskerCore::Errors::RetryableError => e
    failed('retryable', **raised(e))
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
    failed(result.retryable ? 'retryable' : 'permanent', code: code, message: result.message,
           retry_after: metadata['retry_after'], context: rest, error_type: result.error_type, raised: false)
  end

  def raised(error)
    { code: error.error_code, message: error.message, retry_after: error.retry_after, context: error.context,
      error_type: error.class.name, raised: true }
  end

  def failed(kind, **members) = document({ status: 'failed', kind: kind }, **members)

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
