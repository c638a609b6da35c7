# What a handler answered as plain JSON values, or where it is none. A symbol counts as a text, as in Ruby's own JSON.

module ParityJson
  MAX_DEPTH = 100
  MAX_VALUES = 1_000_000
  INTEGERS = (-(1 << 63)...(1 << 64)).freeze

  # What stands where no JSON value stands, and the names on the way there, innermost first.
  class NotJson < StandardError
    attr_reader :path

    def initialize(what)
      super
      @path = []
    end

    # The place as a JSON Pointer.
    def pointer = @path.reverse.map { |name| "/#{name.gsub('~', '~0').gsub('/', '~1')}" }.join
  end

  # Reads one document.
  class Reader
    def initialize = @values = 0

    def read(value, depth = 0)
      @values += 1
      raise NotJson, "more than #{MAX_VALUES} values" if @values > MAX_VALUES

      case value
      when nil, true, false then value
      when String, Symbol then text(value.to_s)
      when Float then float(value)
      when Integer then INTEGERS.cover?(value) ? value : raise(NotJson, 'an integer beyond 64 bits')
      when Hash then members(value, deeper(depth))
      when Array then value.each_with_index.map { |element, index| below(index.to_s, element, deeper(depth)) }
      else raise NotJson, ParityJson.noun(value)
      end
    end

    private

    def members(hash, depth)
      hash.each_with_object({}) do |(key, member), plain|
        raise NotJson, "a hash with #{ParityJson.noun(key)} as a key" unless key.is_a?(String) || key.is_a?(Symbol)

        name = text(key.to_s)
        plain[name] = below(name, member, depth)
      end
    end

    def below(name, value, depth)
      read(value, depth)
    rescue NotJson => e
      e.path.push(name)
      raise
    end

    def deeper(depth)
      depth < MAX_DEPTH ? depth + 1 : raise(NotJson, "nesting deeper than #{MAX_DEPTH}")
    end

    def text(text)
      plain = text.encode(Encoding::UTF_8)
      plain.valid_encoding? ? String.new(plain) : raise(NotJson, 'a text that is not UTF-8')
    rescue EncodingError
      raise NotJson, 'a text that is not UTF-8'
    end

    def float(value)
      return value if value.finite?

      raise NotJson, value.nan? ? 'NaN' : (value.positive? ? 'Infinity' : '-Infinity')
    end
  end

  def self.noun(value)
    name = value.class.name || 'object'
    "#{name.match?(/\A[aeiou]/i) ? 'an' : 'a'} #{name}"
  end
end
