// Texts as bytes and back: what a JavaScript host has and QuickJS lacks. Evaluated when a handler first asks for it.
//
// Its value is a function of the doors to Rust that answers the globals.
(doors) => {
  'use strict';

  function bytesOf(source) {
    if (ArrayBuffer.isView(source)) {
      return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
    }
    return new Uint8Array(source);
  }

  class TextEncoder {
    get encoding() {
      return 'utf-8';
    }

    encode(text = '') {
      return new Uint8Array(doors.utf8(String(text).toWellFormed()));
    }

    encodeInto(text, target) {
      let read = 0;
      let written = 0;
      for (const letter of String(text)) {
        const bytes = this.encode(letter);
        if (written + bytes.length > target.length) {
          break;
        }
        target.set(bytes, written);
        read += letter.length;
        written += bytes.length;
      }
      return { read, written };
    }
  }

  const LABELS = new Set(['utf-8', 'utf8', 'unicode-1-1-utf-8']);

  class TextDecoder {
    #fatal;
    #ignoreBOM;

    constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
      if (!LABELS.has(String(label).trim().toLowerCase())) {
        throw doors.unsupported(`TextDecoder of ${label}`);
      }
      this.#fatal = Boolean(fatal);
      this.#ignoreBOM = Boolean(ignoreBOM);
    }

    get encoding() {
      return 'utf-8';
    }

    get fatal() {
      return this.#fatal;
    }

    get ignoreBOM() {
      return this.#ignoreBOM;
    }

    decode(source = new Uint8Array(0), { stream = false } = {}) {
      if (stream) {
        throw new RangeError('TextDecoder does not decode streams here');
      }
      const text = doors.text(bytesOf(source), this.#fatal);
      if (text === undefined) {
        throw doors.coded(
          TypeError,
          'ERR_ENCODING_INVALID_ENCODED_DATA',
          'The encoded data was not valid for encoding utf-8',
        );
      }
      return !this.#ignoreBOM && text.startsWith('\uFEFF') ? text.slice(1) : text;
    }
  }

  return { TextEncoder, TextDecoder };
};
