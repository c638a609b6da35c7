// Clock and randomness of a call, for a process that no Rust is in.

const MASK = (1n << 64n) - 1n;

// Tells the float stream from the byte stream.
const FLOAT_STREAM = 0x6a09e667f3bcc908n;

// The generator of Steele, Lea and Flood.
class SplitMix64 {
  constructor(seed) {
    this.state = seed;
  }

  next() {
    this.state = (this.state + 0x9e3779b97f4a7c15n) & MASK;
    let z = this.state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
    return z ^ (z >> 31n);
  }
}

// The doors that the prelude opens.
export class Streams {
  constructor() {
    this.seed('0');
    this.float = () => Number(this.floats.next() >> 11n) / 2 ** 53;
    this.uuid = () => {
      const bytes = this.bytes(16);
      bytes[6] = (bytes[6] & 0x0f) | 0x40;
      bytes[8] = (bytes[8] & 0x3f) | 0x80;
      const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    };
    this.bytes = (count) => {
      const bytes = new Uint8Array(count);
      for (let index = 0; index < count; index += 1) {
        if (this.left === 0) {
          this.word = this.words.next();
          this.left = 8;
        }
        bytes[index] = Number(this.word & 0xffn);
        this.word >>= 8n;
        this.left -= 1;
      }
      return bytes;
    };
    Object.defineProperty(this.float, 'name', { value: 'random' });
    Object.defineProperty(this.uuid, 'name', { value: 'randomUUID' });
  }

  // Puts the streams to the start of a call.
  seed(entropy) {
    const seed = BigInt(`0x${entropy}`);
    this.words = new SplitMix64(seed);
    this.word = 0n;
    this.left = 0;
    this.floats = new SplitMix64(seed ^ FLOAT_STREAM);
  }
}
