// What errors say that the engine itself throws: the words of V8 where they are known, else a mark in front of our own, by which
// the harness sees that an answer shows them. Evaluated when such an error is first looked at.
(doors) => {
  'use strict';

  // The words of QuickJS for what V8 says in one way.
  const SAME = {
    'BigInt are forbidden in JSON.stringify': 'Do not know how to serialize a BigInt',
    'BigInt division by zero': 'Division by zero',
    'Date value is NaN': 'Invalid time value',
    'bigint argument with unary +': 'Cannot convert a BigInt value to a number',
    'cannot convert symbol to number': 'Cannot convert a Symbol value to a number',
    'cannot convert symbol to string': 'Cannot convert a Symbol value to a string',
    'empty array': 'Reduce of empty array with no initial value',
    'invalid array length': 'Invalid array length',
    'invalid string length': 'Invalid string length',
    'invalid value used as WeakMap key': 'Invalid value used as weak map key',
    'invalid value used as WeakSet key': 'Invalid value used in weak set',
    'this is not initialized':
      "Must call super constructor in derived class before accessing 'this' or returning from derived constructor",
  };

  const PATTERNS = [
    [/^cannot read property '(?!Symbol\.)(.*)' of (undefined|null)$/s, "Cannot read properties of $2 (reading '$1')"],
    [/^cannot set property '(?!Symbol\.)(.*)' of (undefined|null)$/s, "Cannot set properties of $2 (setting '$1')"],
    [/^(.*) is not initialized$/s, "Cannot access '$1' before initialization"],
  ];

  // What V8 says with names that QuickJS does not tell.
  const OTHERS = new Set([
    "'Immutable prototype object 'Object.prototype' cannot have their prototype set'",
    "'this' can be initialized only once", '.has is not a function', '.keys is not a function',
    '.size is not a legal size', '.size is undefined', 'Array loo long', 'Array too long', 'ArrayBuffer is detached',
    'ArrayBuffer is detached or resized', 'BigInt are forbidden in JSON.stringify', 'BigInt division by zero',
    'BigInt is too large', 'BigInt is too large to allocate', 'BigInt negative exponent',
    'BigInt operands are forbidden for >>>', 'Cannot assign to read only property',
    'Cannot convert undefined or null to object',
    'Cannot prevent extensions', "Constructor requires 'new'", 'Date value is NaN', 'Getter must be a function',
    'Invalid property descriptor. Cannot both specify accessors and a value or writable attribute',
    'Object.defineProperties called on non-object',
    'Property description must be an object', 'RegExp exec method must return an object or null',
    'Setter must be a function', 'TypedArray length is too small', 'abstract class not constructable', 'already running',
    'back reference out of range in regular expression', 'bad normalization form', 'bad undersized option',
    'bigint argument with unary +', 'cannot be called', 'cannot convert BigInt to number',
    'cannot convert NaN or Infinity to BigInt', 'cannot convert symbol to number', 'cannot convert symbol to string',
    'cannot convert to BigInt', 'cannot convert to BigInt: not an integer', 'cannot convert to bigint',
    'cannot convert to object', 'cannot invoke a running generator', 'cannot invoke a running iterator',
    'cannot use identical ArrayBuffer', 'circular prototype chain', 'circular reference',
    "class constructors must be invoked with 'new'", "constructor requires 'new'", 'could not delete property',
    'derived class constructor must return an object or undefined', 'duplicate group name', 'empty array',
    'empty iterator', 'expected string', "expecting '{' after \\\\p", "expecting '{' after \\\\q", "expecting '}'",
    'expecting <brand> private field', 'expecting group name', 'extraneous characters at the end',
    'group name not defined', 'held value cannot be the target', 'input too large', 'integer TypedArray expected',
    "invalid 'in' operand", "invalid 'instanceof' right operand", 'invalid BigInt literal', 'invalid UTF-8 sequence',
    'invalid array buffer', 'invalid array buffer length', 'invalid array buffer max length', 'invalid array index',
    'invalid array length', 'invalid brand on object', 'invalid byteLength', 'invalid byteOffset',
    'invalid byteOffset or byteLength', 'invalid character in class in regular expression', 'invalid class range',
    'invalid class set operation in regular expression', 'invalid code point',
    'invalid decimal escape in regular expression', 'invalid escape sequence in regular expression', 'invalid group',
    'invalid group name', 'invalid hint', 'invalid length', 'invalid max array buffer length', 'invalid modifiers',
    'invalid number of digits', 'invalid object type', 'invalid offset', 'invalid operation in regular expression',
    'invalid property access', 'invalid regular expression flags', 'invalid repeat count', 'invalid repetition count',
    'invalid string length', 'invalid target', 'invalid typed array', 'invalid typed array index',
    'invalid typed array type', 'invalid unregister token', 'invalid value used as WeakMap key',
    'iterator does not have a throw method', 'iterator must return an object', 'length out of bounds',
    'malformed unicode char', 'must be called with new', 'must be positive',
    'negated character class with strings in regular expression debugger eval code', 'new ArrayBuffer is too small',
    'no setter for property', 'not a BigInt', 'not a DataView', 'not a Date object', 'not a TypedArray',
    'not a Uint8Array', 'not a boolean', 'not a constructor', 'not a function', 'not a generator', 'not a number',
    'not a object', 'not a proxy', 'not a string', 'not a symbol', 'not an AsyncGenerator object',
    'not an integral number', 'not an object', 'nothing to repeat', 'null or undefined are forbidden',
    'object is not extensible', 'object needs toISOString method', 'object prototype may only be an Object or null',
    "operand 'prototype' property is not an object", 'out of bound', 'out of memory', 'out-of-bound access',
    'output too large', 'parent class must be constructor', 'parent prototype must be an object or null',
    'private method is already present', 'promise is pending', 'promise self resolution', 'property is not a function',
    'proxy preventExtensions handler returned false', 'proxy: bad prototype', 'proxy: cannot set property',
    'proxy: defineProperty exception', 'proxy: duplicate property', 'proxy: inconsistent defineProperty',
    'proxy: inconsistent deleteProperty', 'proxy: inconsistent get', 'proxy: inconsistent getOwnPropertyDescriptor',
    'proxy: inconsistent has', 'proxy: inconsistent isExtensible', 'proxy: inconsistent preventExtensions',
    'proxy: inconsistent prototype', 'proxy: inconsistent set', 'proxy: ownKeys must return an object',
    'proxy: properties must be strings or symbols',
    'proxy: property not present in target were returned by non extensible proxy',
    'proxy: target property must be present in proxy ownKeys', "regexp must have the 'g' flag", 'regexp not supported',
    'resolving function already set', 'revoked proxy', 'stack overflow', 'string expected', 'syntax error', 'toPrimitive',
    'too many captures', 'too many imbricated quantifiers',
    'too many named groups', 'too many ranges', 'unexpected end', 'unknown unicode general category',
    'unknown unicode property name', 'unknown unicode property value', 'unknown unicode script',
    "unsupported reference to 'super'", 'value has no property', 'value is not disposable', 'value is not iterable',
  ]);
  const OTHER_PATTERNS = [
    /^cannot (?:read|set) property '.*' of (?:undefined|null)$/s,
    /^'.*' is read-only$/s,
    /^private class field '.*' does not exist$/s,
    /^invalid value used as \w+ key$/,
    /^invalid array index: -?\d+$/,
    /^redeclaration of '.*'$/s,
    /^(?:expecting|value is|regexp|proxy:|unexpected) /,
  ];

  const { getPrototypeOf } = Object;
  const NATIVE = new Set([TypeError, RangeError, SyntaxError, ReferenceError].map(({ prototype }) => prototype));

  // The words of V8, or nothing where they are not known.
  function translated(message) {
    if (Object.hasOwn(SAME, message)) {
      return SAME[message];
    }
    for (const [pattern, words] of PATTERNS) {
      if (pattern.test(message)) {
        return message.replace(pattern, words);
      }
    }
    return null;
  }

  const isOfEngine = (message) => OTHERS.has(message) || OTHER_PATTERNS.some((pattern) => pattern.test(message));

  // Gives an error the words of V8, or marks those that it has.
  function say(error) {
    const { message } = error;
    if (typeof message !== 'string' || message.startsWith(doors.mark)) {
      return;
    }
    let words = null;
    if (getPrototypeOf(error) === URIError.prototype) {
      words = 'URI malformed';
    } else if (NATIVE.has(getPrototypeOf(error))) {
      words = translated(message) ?? (isOfEngine(message) ? doors.marked(message) : null);
    }
    if (words !== null && words !== message) {
      Object.defineProperty(error, 'message', { value: words, writable: true, configurable: true });
    }
  }

  // Why V8 refuses a text as JSON.
  function jsonMessage(text) {
    let place = 0;
    const at = (words) => `${words} in JSON at position ${place}`;
    const token = () => {
      if (place >= text.length) {
        return 'Unexpected end of JSON input';
      }
      const CONTEXT = 10;
      const [from, to] = [Math.max(0, place - CONTEXT), Math.min(text.length, place + CONTEXT)];
      const isShort = text.length < 2 * CONTEXT + 1;
      const shown = isShort
        ? `"${text}"`
        : `${from === 0 ? '' : '...'}"${text.slice(from, to)}"${to === text.length ? '' : '...'}`;
      return `Unexpected token '${text[place]}', ${shown} is not valid JSON`;
    };
    const fail = (words) => {
      throw new SyntaxError(words);
    };
    const skip = () => {
      while (/^[ \t\n\r]$/.test(text[place] ?? '')) {
        place += 1;
      }
    };
    const digits = () => {
      const start = place;
      while (/^\d$/.test(text[place] ?? '')) {
        place += 1;
      }
      return place > start;
    };
    function word(expected) {
      for (const letter of expected) {
        if (text[place] !== letter) {
          fail(token());
        }
        place += 1;
      }
    }
    function string() {
      place += 1;
      while (text[place] !== '"') {
        if (place >= text.length) {
          fail(at('Unterminated string'));
        }
        if (text[place] < ' ') {
          fail(at('Bad control character in string literal'));
        }
        if (text[place] === '\\') {
          place += 1;
          if (place >= text.length) {
            fail(token());
          }
          if (text[place] === 'u') {
            for (let count = 0; count < 4; count += 1) {
              place += 1;
              if (!/^[0-9a-f]$/i.test(text[place] ?? '')) {
                fail(at('Bad Unicode escape'));
              }
            }
          } else if (!'"\\/bfnrt'.includes(text[place])) {
            fail(at('Bad escaped character'));
          }
        }
        place += 1;
      }
      place += 1;
    }
    function number() {
      if (text[place] === '-') {
        place += 1;
        if (!/^\d$/.test(text[place] ?? '')) {
          fail(at('No number after minus sign'));
        }
      }
      if (text[place] === '0') {
        place += 1;
        if (/^\d$/.test(text[place] ?? '')) {
          fail(at('Unexpected number'));
        }
      } else {
        digits();
      }
      if (text[place] === '.') {
        place += 1;
        if (!digits()) {
          fail(at('Unterminated fractional number'));
        }
      }
      if (/^[eE]$/.test(text[place] ?? '')) {
        place += 1;
        if (/^[-+]$/.test(text[place] ?? '')) {
          place += 1;
        }
        if (!digits()) {
          fail(at('Exponent part is missing a number'));
        }
      }
    }
    function object() {
      place += 1;
      skip();
      if (text[place] === '}') {
        place += 1;
        return;
      }
      for (let isFirst = true; ; isFirst = false) {
        skip();
        if (text[place] !== '"') {
          fail(at(isFirst ? "Expected property name or '}'" : 'Expected double-quoted property name'));
        }
        string();
        skip();
        if (text[place] !== ':') {
          fail(isFirst ? at("Expected ':' after property name") : token());
        }
        place += 1;
        value();
        skip();
        if (text[place] === '}') {
          place += 1;
          return;
        }
        if (text[place] !== ',') {
          fail(at("Expected ',' or '}' after property value"));
        }
        place += 1;
      }
    }
    function array() {
      place += 1;
      skip();
      if (text[place] === ']') {
        place += 1;
        return;
      }
      for (;;) {
        value();
        skip();
        if (text[place] === ']') {
          place += 1;
          return;
        }
        if (text[place] !== ',') {
          fail(at("Expected ',' or ']' after array element"));
        }
        place += 1;
      }
    }
    function value() {
      skip();
      const letter = text[place] ?? '';
      if (letter === '{') {
        object();
      } else if (letter === '[') {
        array();
      } else if (letter === '"') {
        string();
      } else if (letter === 't') {
        word('true');
      } else if (letter === 'f') {
        word('false');
      } else if (letter === 'n') {
        word('null');
      } else if (/^[-\d]$/.test(letter)) {
        number();
      } else {
        fail(token());
      }
    }
    try {
      if (['undefined', 'NaN', 'Infinity', '[object Object]'].includes(text)) {
        return `"${text}" is not valid JSON`;
      }
      value();
      skip();
      return place < text.length ? at('Unexpected non-whitespace character after JSON').replace(' in JSON', '') : null;
    } catch (error) {
      return error.message;
    }
  }

  return { say, jsonMessage };
};
