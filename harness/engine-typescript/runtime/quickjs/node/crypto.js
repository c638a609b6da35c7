// `node:crypto`, as far as handlers use it: what is random is the call's, and digests are made in Rust.

const { Buffer } = globalThis;
const { digest: digestOf, float, bytes: bytesOf } = globalThis[Symbol.for('parity.doors')];

function unsupported(name) {
  return () => {
    throw new Error(`crypto.${name} is not supported in this engine; --engine node has it`);
  };
}

// Answers a value, or hands it to a callback.
function answer(value, callback) {
  if (callback === undefined) {
    return value;
  }
  queueMicrotask(() => callback(null, value));
  return undefined;
}

export const webcrypto = globalThis.crypto;
export const { subtle } = webcrypto;
export const randomUUID = () => webcrypto.randomUUID();
export const getRandomValues = (array) => webcrypto.getRandomValues(array);
export const randomBytes = (size, callback) => answer(Buffer.from(bytesOf(size)), callback);

export function randomFillSync(buffer, offset = 0, size = buffer.byteLength - offset) {
  new Uint8Array(buffer.buffer ?? buffer, (buffer.byteOffset ?? 0) + offset, size).set(bytesOf(size));
  return buffer;
}

export function randomInt(low, high, callback) {
  const [from, to, then] = typeof high === 'number' ? [low, high, callback] : [0, low, high];
  return answer(from + Math.floor(float() * (to - from)), then);
}

export function timingSafeEqual(a, b) {
  if (a.byteLength !== b.byteLength) {
    throw new RangeError('Input buffers must have the same byte length');
  }
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0;
}

const DIGESTS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

export const getHashes = () => [...DIGESTS];

class Digest {
  #algorithm;
  #key;
  #parts;
  #isDone = false;

  constructor(algorithm, key, parts = []) {
    this.#algorithm = String(algorithm).toLowerCase().replace(/^(rsa-)?sha-/, 'sha');
    if (!DIGESTS.includes(this.#algorithm)) {
      throw new Error(`crypto has no digest ${algorithm} in this engine; there are ${DIGESTS.join(', ')}`);
    }
    this.#key = key;
    this.#parts = parts;
  }

  update(data, encoding) {
    if (this.#isDone) {
      throw new Error('Digest already called');
    }
    this.#parts.push(Buffer.from(data, encoding));
    return this;
  }

  digest(encoding) {
    if (this.#isDone) {
      throw new Error('Digest already called');
    }
    this.#isDone = true;
    const bytes = Buffer.from(digestOf(this.#algorithm, Buffer.concat(this.#parts), this.#key));
    return encoding === undefined || encoding === 'buffer' ? bytes : bytes.toString(encoding);
  }

  copy() {
    return new Digest(this.#algorithm, this.#key, [...this.#parts]);
  }
}

export const createHash = (algorithm) => new Digest(algorithm, null);
export const createHmac = (algorithm, key) => new Digest(algorithm, Buffer.from(key));

export const createCipheriv = unsupported('createCipheriv');
export const createDecipheriv = unsupported('createDecipheriv');
export const createSign = unsupported('createSign');
export const createVerify = unsupported('createVerify');
export const pbkdf2 = unsupported('pbkdf2');
export const pbkdf2Sync = unsupported('pbkdf2Sync');
export const scrypt = unsupported('scrypt');
export const scryptSync = unsupported('scryptSync');

export default {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSign,
  createVerify,
  getHashes,
  getRandomValues,
  pbkdf2,
  pbkdf2Sync,
  randomBytes,
  randomFillSync,
  randomInt,
  randomUUID,
  scrypt,
  scryptSync,
  subtle,
  timingSafeEqual,
  webcrypto,
};
