/** Clock and randomness of one call: the same streams that every other language draws from. */

import type { Ambient } from './vectors.js';

const WORD = 64;

/** Tells the float stream from the byte stream; the fraction bits of the square root of two. */
const FLOAT_STREAM = 0x6a09_e667_f3bc_c908n;

/** What a module sees while it is loaded. */
export const DEFAULT_AMBIENT = { now: '2026-01-15T09:30:00.000Z', entropy: '0000000000000000' };

/** Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014. */
export class SplitMix64 {
  #state: bigint;

  constructor(seed: bigint) {
    this.#state = seed;
  }

  /** The next word. */
  next(): bigint {
    this.#state = BigInt.asUintN(WORD, this.#state + 0x9e37_79b9_7f4a_7c15n);
    let z = this.#state;
    z = BigInt.asUintN(WORD, (z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
    z = BigInt.asUintN(WORD, (z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn);
    return z ^ (z >> 31n);
  }
}

/**
 * The doors that the prelude of the harness takes: two streams seeded by `entropy`. Bytes are taken from the words of their
 * stream in little-endian order, without gaps between draws.
 */
export class StreamDoors {
  #words = new SplitMix64(0n);
  #pending: number[] = [];
  #floats = new SplitMix64(0n);

  constructor(ambient: Pick<Ambient, 'entropy'>) {
    this.reset(ambient);
  }

  /** Puts the streams to the start of a call. */
  reset(ambient: Pick<Ambient, 'entropy'>): void {
    const entropy = BigInt(`0x${ambient.entropy}`);
    this.#words = new SplitMix64(entropy);
    this.#pending = [];
    this.#floats = new SplitMix64(entropy ^ FLOAT_STREAM);
  }

  /** The next bytes of the byte stream. */
  readonly bytes = (count: number): number[] => {
    while (this.#pending.length < count) {
      const word = this.#words.next();
      for (let shift = 0n; shift < WORD; shift += 8n) {
        this.#pending.push(Number((word >> shift) & 0xffn));
      }
    }
    return this.#pending.splice(0, count);
  };

  /** The next float of the float stream, in [0, 1): the upper 53 bits of a word. */
  readonly float = (): number => Number(this.#floats.next() >> 11n) / 2 ** 53;

  /** A random UUID (version 4, RFC 9562) out of 16 bytes of the byte stream. */
  readonly uuid = (): string => {
    const bytes = this.bytes(16);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  };
}
