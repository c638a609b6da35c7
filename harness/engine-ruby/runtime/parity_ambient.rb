# Clock and randomness of the call, through the ordinary doors of Ruby.

require 'date'
require 'securerandom'
require 'time'

# The two streams of a call.
module ParityStreams
  MASK = (1 << 64) - 1

  # Tells the float stream from the byte stream.
  FLOAT_STREAM = 0x6A09E667F3BCC908

  # The generator of Steele, Lea and Flood.
  class SplitMix64
    def initialize(seed) = @state = seed

    def next
      @state = (@state + 0x9E3779B97F4A7C15) & MASK
      z = @state
      z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
      z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
      z ^ (z >> 31)
    end
  end

  class << self
    attr_reader :now

    # Puts the streams to the start of a call, and the process into its time zone.
    def reset(now, entropy, zone = 'UTC')
      ENV['TZ'] = zone unless ENV['TZ'] == zone
      @now = Time.iso8601(now).utc
      @words = SplitMix64.new(entropy.to_i(16))
      @pending = ''.b
      @floats = SplitMix64.new(entropy.to_i(16) ^ FLOAT_STREAM)
    end

    # Puts the streams to where they are while a file is loaded, whichever was loaded before.
    def rewind = reset('2026-01-15T09:30:00.000Z', '0')

    def bytes(count)
      @pending << [@words.next].pack('Q<') while @pending.bytesize < count
      @pending.slice!(0, count)
    end

    def float = (@floats.next >> 11).to_f / (1 << 53)

    # A float, or one of the integers or floats that `limit` names.
    def number(limit = nil)
      case limit
      when nil, 0 then float
      when Float then float * limit
      when Range then from_range(limit)
      else (float * limit.to_i.abs).floor
      end
    end

    private

    def from_range(range)
      low, high = range.begin, range.end
      return low + (float * (high - low)) if low.is_a?(Float) || high.is_a?(Float)

      low + (float * (high - low + (range.exclude_end? ? 0 : 1))).floor
    end
  end

  # What functions of the standard library draw from.
  module Source
    def self.rand(limit = nil) = ParityStreams.number(limit)
  end

  # A generator without a seed.
  class Unseeded
    def rand(limit = nil) = ParityStreams.number(limit)
    def bytes(count) = ParityStreams.bytes(count)
    def seed = 0
  end
end

ParityStreams.rewind

class Time
  class << self
    def now(in: nil)
      zone = binding.local_variable_get(:in)
      at(ParityStreams.now, in: zone || '+00:00').then { |time| zone ? time : time.localtime }
    end
  end

  # A time that is made of nothing is now.
  module FromNothing
    def new(*parts, **options) = parts.empty? ? now(**options) : super
  end
  singleton_class.prepend(FromNothing)
end

class Date
  def self.today(*) = ParityStreams.now.getlocal.to_date
end

class DateTime
  def self.now(*) = ParityStreams.now.getlocal.to_datetime
end

module Process
  class << self
    def clock_gettime(clock, unit = :float_second)
      seconds = clock == CLOCK_REALTIME ? ParityStreams.now.to_r : 0r
      scale = { second: 1, millisecond: 1000, microsecond: 10**6, nanosecond: 10**9 }[unit]
      return (seconds * scale).floor if scale

      (seconds * { float_second: 1, float_millisecond: 1000, float_microsecond: 10**6 }.fetch(unit)).to_f
    end
  end
end

module SecureRandom
  class << self
    def bytes(count) = ParityStreams.bytes(count)
    alias gen_random bytes
    def random_bytes(count = nil) = ParityStreams.bytes(count || 16)
    def random_number(limit = 0) = ParityStreams.number(limit)
    def rand(limit = 0) = ParityStreams.number(limit)
  end
end

class Random
  class << self
    def rand(limit = nil) = ParityStreams.number(limit)
    def random_number(limit = nil) = ParityStreams.number(limit)
    def bytes(count) = ParityStreams.bytes(count)
    def urandom(count) = ParityStreams.bytes(count)
  end

  # One that is seeded by hand stays as it is.
  module WithoutSeed
    def new(*seed) = seed.empty? ? ParityStreams::Unseeded.new : super
  end
  singleton_class.prepend(WithoutSeed)
end

module Kernel
  def rand(limit = nil) = ParityStreams.number(limit)
  def self.rand(limit = nil) = ParityStreams.number(limit)
  def sleep(duration = 0) = duration.to_i
  def self.sleep(duration = 0) = duration.to_i
end

class Array
  # Elements in an order of the call's.
  module Drawn
    def sample(*count, random: ParityStreams::Source) = super(*count, random: random)
    def shuffle(random: ParityStreams::Source) = super(random: random)
    def shuffle!(random: ParityStreams::Source) = super(random: random)
  end
  prepend Drawn
end
