// Node's Buffer, as far as handlers use it. Evaluated when a handler first asks for it.
//
// Its value is a function of the doors to Rust that answers the globals.
(doors) => {
  'use strict';

  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

  function latin1(text) {
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);
  }

  // What is no pair of digits ends the text.
  function fromHex(text) {
    const bytes = [];
    for (let place = 0; place + 1 < text.length; place += 2) {
      const pair = text.slice(place, place + 2);
      if (!/^[0-9a-f]{2}$/i.test(pair)) {
        break;
      }
      bytes.push(Number.parseInt(pair, 16));
    }
    return Uint8Array.from(bytes);
  }

  // What is no digit is passed over, up to the padding.
  function fromBase64(text) {
    const bytes = [];
    let bits = 0;
    let count = 0;
    for (const letter of text.replaceAll('-', '+').replaceAll('_', '/')) {
      if (letter === '=') {
        break;
      }
      const value = ALPHABET.indexOf(letter);
      if (value < 0) {
        continue;
      }
      bits = ((bits << 6) | value) & 0xffff;
      count += 6;
      if (count >= 8) {
        count -= 8;
        bytes.push((bits >> count) & 0xff);
      }
    }
    return Uint8Array.from(bytes);
  }

  function toBase64(bytes) {
    let text = '';
    for (let place = 0; place < bytes.length; place += 3) {
      const [first, second, third] = [bytes[place], bytes[place + 1], bytes[place + 2]];
      const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
      text += ALPHABET[bits >> 18] + ALPHABET[(bits >> 12) & 63];
      text += second === undefined ? '=' : ALPHABET[(bits >> 6) & 63];
      text += third === undefined ? '=' : ALPHABET[bits & 63];
    }
    return text;
  }

  const toLatin1 = (bytes, mask) => Array.from(bytes, (byte) => String.fromCharCode(byte & mask)).join('');
  const base64url = (bytes) => toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

  // How a text becomes bytes, and bytes a text, by encoding.
  const ENCODINGS = {
    utf8: [(text) => new Uint8Array(doors.utf8(text.toWellFormed())), (bytes) => doors.text(bytes, false)],
    hex: [fromHex, (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')],
    base64: [fromBase64, toBase64],
    base64url: [fromBase64, base64url],
    latin1: [latin1, (bytes) => toLatin1(bytes, 0xff)],
    ascii: [latin1, (bytes) => toLatin1(bytes, 0x7f)],
  };
  const NAMES = { 'utf-8': 'utf8', binary: 'latin1' };

  function coder(encoding = 'utf8') {
    const name = String(encoding).toLowerCase();
    const found = ENCODINGS[NAMES[name] ?? name];
    if (found === undefined) {
      throw new TypeError(`Unknown encoding: ${encoding}`);
    }
    return found;
  }

  const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  class Buffer extends Uint8Array {
    static from(source, second, third) {
      if (typeof source === 'string') {
        return Buffer.over(coder(second)[0](source));
      }
      if (source instanceof ArrayBuffer) {
        return new Buffer(source, second, third);
      }
      if (ArrayBuffer.isView(source) || Array.isArray(source)) {
        return Buffer.over(Uint8Array.from(source));
      }
      if (source?.type === 'Buffer' && Array.isArray(source.data)) {
        return Buffer.over(Uint8Array.from(source.data));
      }
      const message = 'The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array';
      throw new TypeError(`${message} or an Array-like Object.`);
    }

    static over(bytes) {
      return new Buffer(bytes.buffer, bytes.byteOffset, bytes.length);
    }

    static of(...bytes) {
      return Buffer.from(bytes);
    }

    static alloc(size, fill = 0, encoding = 'utf8') {
      return new Buffer(size).fill(fill, encoding);
    }

    static allocUnsafe(size) {
      return new Buffer(size);
    }

    static allocUnsafeSlow(size) {
      return new Buffer(size);
    }

    static isBuffer(value) {
      return value instanceof Buffer;
    }

    static isEncoding(encoding) {
      const name = String(encoding).toLowerCase();
      return (NAMES[name] ?? name) in ENCODINGS;
    }

    static byteLength(source, encoding) {
      return typeof source === 'string' ? coder(encoding)[0](source).length : source.byteLength;
    }

    static concat(parts, length = parts.reduce((sum, part) => sum + part.length, 0)) {
      const whole = Buffer.alloc(length);
      let place = 0;
      for (const part of parts) {
        whole.set(part.subarray(0, Math.max(0, length - place)), place);
        place += part.length;
      }
      return whole;
    }

    static compare(a, b) {
      for (let place = 0; place < a.length && place < b.length; place += 1) {
        if (a[place] !== b[place]) {
          return a[place] < b[place] ? -1 : 1;
        }
      }
      return Math.sign(a.length - b.length);
    }

    toString(encoding, start = 0, end = this.length) {
      return coder(encoding)[1](super.subarray(start, end));
    }

    toJSON() {
      return { type: 'Buffer', data: Array.from(this) };
    }

    equals(other) {
      return Buffer.compare(this, other) === 0;
    }

    compare(other) {
      return Buffer.compare(this, other);
    }

    // Shares its bytes, unlike that of other arrays.
    slice(start, end) {
      return this.subarray(start, end);
    }

    subarray(start, end) {
      return Buffer.over(super.subarray(start, end));
    }

    copy(target, targetStart = 0, start = 0, end = this.length) {
      const part = super.subarray(start, Math.min(end, start + target.length - targetStart));
      target.set(part, targetStart);
      return part.length;
    }

    write(text, offset = 0, length = this.length - offset, encoding = 'utf8') {
      const bytes = coder(encoding)[0](text).subarray(0, Math.min(length, this.length - offset));
      this.set(bytes, offset);
      return bytes.length;
    }

    fill(value, ...rest) {
      if (typeof value !== 'string') {
        return super.fill(value, ...rest.filter((part) => typeof part === 'number'));
      }
      const bytes = coder(rest.find((part) => typeof part === 'string'))[0](value);
      for (let place = 0; place < this.length && bytes.length > 0; place += 1) {
        this[place] = bytes[place % bytes.length];
      }
      return this;
    }

    indexOf(value, from = 0) {
      if (typeof value === 'number') {
        return super.indexOf(value, from);
      }
      const bytes = typeof value === 'string' ? coder()[0](value) : value;
      for (let place = from; place + bytes.length <= this.length; place += 1) {
        if (bytes.every((byte, index) => this[place + index] === byte)) {
          return place;
        }
      }
      return -1;
    }

    includes(value, from) {
      return this.indexOf(value, from) >= 0;
    }
  }

  // What Buffer calls a kind of number, and what a view of bytes calls it.
  const NUMBERS = {
    Int8: 'Int8',
    UInt8: 'Uint8',
    Int16: 'Int16',
    UInt16: 'Uint16',
    Int32: 'Int32',
    UInt32: 'Uint32',
    BigInt64: 'BigInt64',
    BigUInt64: 'BigUint64',
    Float: 'Float32',
    Double: 'Float64',
  };
  for (const [kind, name] of Object.entries(NUMBERS)) {
    for (const order of kind.endsWith('8') ? [''] : ['BE', 'LE']) {
      define(`${kind}${order}`, name, order === 'LE');
    }
  }

  function define(kind, name, isLittle) {
    const size = Number(/\d+$/.exec(name)[0]) / 8;
    const members = {
      [`read${kind}`](offset = 0) {
        return view(this)[`get${name}`](offset, isLittle);
      },
      [`write${kind}`](value, offset = 0) {
        view(this)[`set${name}`](offset, value, isLittle);
        return offset + size;
      },
    };
    for (const [key, value] of Object.entries(members)) {
      for (const alias of new Set([key, key.replace('UInt', 'Uint')])) {
        Object.defineProperty(Buffer.prototype, alias, { value, writable: true, configurable: true });
      }
    }
  }

  return {
    Buffer,
    atob: (text) => toLatin1(fromBase64(String(text)), 0xff),
    btoa(text) {
      if (/[^\0-\xff]/.test(text)) {
        throw new DOMException('Invalid character', 'InvalidCharacterError');
      }
      return toBase64(latin1(String(text)));
    },
  };
};
