// `node:crypto`, as far as handlers use it: what is random is the call's, and digests are made in Rust.

const { Buffer } = globalThis;
const { digest: digestOf, float, bytes: bytesOf, coded, received, shelf, unsupported } = globalThis[Symbol.for('parity.doors')];

function lacking(name) {
  return () => {
    throw unsupported(`crypto.${name}`);
  };
}

// The bytes of a text or of an array, whatever its elements are.
function bytesIn(data, encoding) {
  return typeof data === 'string'
    ? Buffer.from(data, encoding)
    : Buffer.from(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
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
    const message = 'Input buffers must have the same byte length';
    throw coded(RangeError, 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH', message);
  }
  return Buffer.compare(bytesIn(a), bytesIn(b)) === 0;
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
      throw unsupported(`the digest ${algorithm}`);
    }
    this.#key = key;
    this.#parts = parts;
  }

  update(data, encoding) {
    this.#check();
    if (typeof data !== 'string' && !ArrayBuffer.isView(data)) {
      const message = 'The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView.';
      throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', `${message} ${received(data)}`);
    }
    this.#parts.push(bytesIn(data, encoding));
    return this;
  }

  digest(encoding) {
    this.#check();
    this.#isDone = true;
    const bytes = Buffer.from(digestOf(this.#algorithm, Buffer.concat(this.#parts), this.#key));
    return encoding === undefined || encoding === 'buffer' ? bytes : bytes.toString(encoding);
  }

  #check() {
    if (this.#isDone) {
      throw coded(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
    }
  }

  copy() {
    return new Digest(this.#algorithm, this.#key, [...this.#parts]);
  }
}

export const createHash = (algorithm) => new Digest(algorithm, null);
export const createHmac = (algorithm, key) => new Digest(algorithm, bytesIn(key));

export const createCipheriv = lacking('createCipheriv');
export const createDecipheriv = lacking('createDecipheriv');
export const createSign = lacking('createSign');
export const createVerify = lacking('createVerify');
export const pbkdf2 = lacking('pbkdf2');
export const pbkdf2Sync = lacking('pbkdf2Sync');
export const scrypt = lacking('scrypt');
export const scryptSync = lacking('scryptSync');

export default shelf('crypto', {
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
});
