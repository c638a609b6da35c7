// Node's Buffer, as far as handlers use it. Evaluated when a handler first asks for it.
//
// Its value is a function of the doors to Rust that answers the globals.
(doors) => {
  'use strict';

  const { coded, received } = doors;
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

  function latin1(text) {
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);
  }

  function fromUnits(text) {
    return Uint8Array.from({ length: 2 * text.length }, (_, place) => (text.charCodeAt(place >> 1) >> (place % 2 ? 8 : 0)) & 0xff);
  }

  function toUnits(bytes) {
    const units = Array.from({ length: bytes.length >> 1 }, (_, place) => bytes[2 * place] | (bytes[2 * place + 1] << 8));
    return units.map((unit) => String.fromCharCode(unit)).join('');
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
    utf16le: [fromUnits, toUnits],
  };
  const NAMES = { 'utf-8': 'utf8', binary: 'latin1', ucs2: 'utf16le', 'ucs-2': 'utf16le', 'utf-16le': 'utf16le' };

  function coder(encoding = 'utf8') {
    const name = String(encoding).toLowerCase();
    const found = ENCODINGS[NAMES[name] ?? name];
    if (found === undefined) {
      throw coded(TypeError, 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${encoding}`);
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
      if (typeof source === 'object' && source !== null && typeof source.length === 'number') {
        return Buffer.over(Uint8Array.from(source));
      }
      const message = 'The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array';
      throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', `${message} or an Array-like Object. ${received(source)}`);
    }

    static over(bytes) {
      return new Buffer(bytes.buffer, bytes.byteOffset, bytes.length);
    }

    static of(...bytes) {
      return Buffer.from(bytes);
    }

    static alloc(size, fill = 0, encoding = 'utf8') {
      if (typeof size !== 'number' || !(size >= 0 && size <= 2 ** 32)) {
        throw doors.unsupported('a size of Buffer.alloc that is none');
      }
      return new Buffer(size).fill(fill, encoding);
    }

    static poolSize = 8192;

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

  function checkOffset(buffer, offset, size) {
    if (!Number.isInteger(offset)) {
      throw doors.unsupported('a place in a Buffer that is no integer');
    }
    const most = buffer.length - size;
    if (offset < 0 || offset > most) {
      const bounds = `It must be >= 0 and <= ${most}. Received ${offset}`;
      throw most < 0
        ? coded(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS', 'Attempt to access memory outside buffer bounds')
        : coded(RangeError, 'ERR_OUT_OF_RANGE', `The value of "offset" is out of range. ${bounds}`);
    }
  }

  // What an integer of one or two bytes refuses; how Node names larger ones is not known here.
  function checkRange(value, name, size) {
    if (name.startsWith('Float')) {
      return;
    }
    const [bits, isUnsigned] = [BigInt(8 * size), name.includes('Uint')];
    const [least, most] = isUnsigned ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
    if (value < least || value > most) {
      if (size > 2) {
        throw doors.unsupported('a number out of range of a Buffer');
      }
      const bounds = `It must be >= ${least} and <= ${most}. Received ${value}`;
      throw coded(RangeError, 'ERR_OUT_OF_RANGE', `The value of "value" is out of range. ${bounds}`);
    }
  }

  function define(kind, name, isLittle) {
    const size = Number(/\d+$/.exec(name)[0]) / 8;
    const members = {
      [`read${kind}`](offset = 0) {
        checkOffset(this, offset, size);
        return view(this)[`get${name}`](offset, isLittle);
      },
      [`write${kind}`](value, offset = 0) {
        checkRange(value, name, size);
        checkOffset(this, offset, size);
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

  // All members are enumerable in Node, where what is written of an object shows it; the first ones are what reads numbers.
  const NAMES_IN_NODE =
    'readBigUInt64LE readBigUInt64BE readBigUint64LE readBigUint64BE readBigInt64LE readBigInt64BE writeBigUInt64LE ' +
    'writeBigUInt64BE writeBigUint64LE writeBigUint64BE writeBigInt64LE writeBigInt64BE readUIntLE readUInt32LE readUInt16LE ' +
    'readUInt8 readUIntBE readUInt32BE readUInt16BE readUintLE readUint32LE readUint16LE readUint8 readUintBE readUint32BE ' +
    'readUint16BE readIntLE readInt32LE readInt16LE readInt8 readIntBE readInt32BE readInt16BE writeUIntLE writeUInt32LE ' +
    'writeUInt16LE writeUInt8 writeUIntBE writeUInt32BE writeUInt16BE writeUintLE writeUint32LE writeUint16LE writeUint8 ' +
    'writeUintBE writeUint32BE writeUint16BE writeIntLE writeInt32LE writeInt16LE writeInt8 writeIntBE writeInt32BE ' +
    'writeInt16BE readFloatLE readFloatBE readDoubleLE readDoubleBE writeFloatLE writeFloatBE writeDoubleLE writeDoubleBE ' +
    'asciiSlice base64Slice base64urlSlice latin1Slice hexSlice ucs2Slice utf8Slice asciiWrite base64Write base64urlWrite ' +
    'latin1Write hexWrite ucs2Write utf8Write copy toString equals inspect compare indexOf lastIndexOf includes fill write ' +
    'toJSON subarray slice swap16 swap32 swap64 toLocaleString';
  for (const name of NAMES_IN_NODE.split(' ')) {
    const own = Object.getOwnPropertyDescriptor(Buffer.prototype, name);
    const lacking = () => {
      throw doors.unsupported(`Buffer.prototype.${name}`);
    };
    delete Buffer.prototype[name];
    Buffer.prototype[name] = own?.value ?? lacking;
  }

  return {
    Buffer,
    atob(text) {
      const letters = `${text}`.replaceAll(/[\t\n\f\r ]/g, '');
      const plain = letters.length % 4 === 0 ? letters.replace(/={1,2}$/, '') : letters;
      if (/[^A-Za-z0-9+/]/.test(plain)) {
        throw new DOMException('Invalid character', 'InvalidCharacterError');
      }
      if (plain.length % 4 === 1) {
        throw new DOMException('The string to be decoded is not correctly encoded.', 'InvalidCharacterError');
      }
      return toLatin1(fromBase64(plain), 0xff);
    },
    btoa(text) {
      if (/[^\0-\xff]/.test(`${text}`)) {
        throw new DOMException('Invalid character', 'InvalidCharacterError');
      }
      return toBase64(latin1(`${text}`));
    },
  };
};
