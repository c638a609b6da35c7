# A worker of the engine `ruby`: answers requests on standard input, one JSON document a line. docs/protocol.md tells what
# is said. Standard output belongs to the protocol; what handlers print goes to standard error.

require 'json'

PROTOCOL = 1
OLDEST = '3.0'

REQUESTS = $stdin.dup
REPLIES = $stdout.dup
$stdin.reopen(File::NULL)
$stdout.reopen($stderr)
REPLIES.sync = true

def receive
  line = REQUESTS.gets
  request = line ? JSON.parse(line, max_nesting: false) : { 'type' => 'bye' }
  request unless request['type'] == 'bye'
end

def say(reply) = REPLIES.write("#{JSON.generate(reply, max_nesting: false)}\n")

def refuse(message)
  say({ type: 'refused', message: message })
  exit!(0)
end

hello = receive or exit!(0)
refuse("this is Ruby #{RUBY_VERSION}; put one of at least #{OLDEST} on PATH") if RUBY_VERSION < OLDEST

$LOAD_PATH.unshift(__dir__)
begin
  require 'tasker_core'
rescue LoadError => e
  refuse("Ruby handlers need ActiveSupport (#{e.message}); on Debian: apt-get install ruby-activesupport, else: gem install activesupport")
end
require 'parity_ambient'
require 'parity_calls'

files, allowed = %w[tree_files.json allowed.json].map { |name| JSON.parse(File.read(File.join(__dir__, name))) }
calls = ParityCalls.new(hello['tree'], files, allowed)
say({ type: 'found', found: calls.found, not_loaded: calls.not_loaded })
assigned = receive or exit!(0)
calls.assign(assigned['handlers'])
say({ type: 'hello', protocol: PROTOCOL, engine: "Ruby #{RUBY_VERSION}", handlers: calls.handlers })
while (request = receive)
  say({ type: 'result', id: request['id'], outcome: calls.answer(request['input']) })
end
exit!(0)
