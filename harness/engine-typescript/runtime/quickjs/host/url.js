// URL and URLSearchParams. Addresses are parsed in Rust. Evaluated when a handler first asks for it.
//
// Its value is a function of the doors to Rust that answers the globals.
(doors) => {
  'use strict';

  const PLAIN = /[A-Za-z0-9*\-._]/;

  function encode(text) {
    const bytes = doors.utf8(String(text).toWellFormed());
    return Array.from(bytes, (byte) => {
      const letter = String.fromCharCode(byte);
      const hex = byte.toString(16).toUpperCase().padStart(2, '0');
      return letter === ' ' ? '+' : PLAIN.test(letter) ? letter : `%${hex}`;
    }).join('');
  }

  function decode(text) {
    const bytes = [];
    const spaced = text.replaceAll('+', ' ');
    for (let place = 0; place < spaced.length; ) {
      const hex = /^%[0-9a-f]{2}/i.exec(spaced.slice(place, place + 3));
      if (hex === null) {
        const letter = String.fromCodePoint(spaced.codePointAt(place));
        bytes.push(...doors.utf8(letter.toWellFormed()));
        place += letter.length;
      } else {
        bytes.push(Number.parseInt(hex[0].slice(1), 16));
        place += 3;
      }
    }
    return doors.text(Uint8Array.from(bytes), false);
  }

  function pairsOf(query) {
    return query
      .split('&')
      .filter((part) => part !== '')
      .map((part) => {
        const [name] = part.split('=', 1);
        return [decode(name), decode(part.slice(name.length + 1))];
      });
  }

  function pairsFrom(init) {
    if (typeof init !== 'object' || init === null) {
      return pairsOf(String(init).replace(/^\?/, ''));
    }
    const pairs = typeof init[Symbol.iterator] === 'function' ? Array.from(init, (pair) => Array.from(pair)) : Object.entries(init);
    if (pairs.some((pair) => pair.length !== 2)) {
      throw new TypeError('Each query pair must be an iterable [name, value] tuple');
    }
    return pairs.map((pair) => pair.map((text) => String(text).toWellFormed()));
  }

  let paramsOf;
  let replaceParams;
  let partOf;
  let change;

  class URLSearchParams {
    #pairs;
    #changed = () => undefined;

    static {
      // The parameters of an address, which is told when they change.
      paramsOf = (query, changed) => {
        const params = new URLSearchParams(query);
        params.#changed = () => changed(params.toString());
        return params;
      };
      replaceParams = (params, query) => {
        params.#pairs = pairsFrom(query);
      };
    }

    constructor(init = '') {
      this.#pairs = pairsFrom(init);
    }

    get size() {
      return this.#pairs.length;
    }

    append(name, value) {
      this.#pairs.push([String(name), String(value)]);
      this.#changed();
    }

    delete(name, value) {
      const isMeant = ([key, held]) => key === String(name) && (value === undefined || held === String(value));
      this.#pairs = this.#pairs.filter((pair) => !isMeant(pair));
      this.#changed();
    }

    get(name) {
      return this.#pairs.find(([key]) => key === String(name))?.[1] ?? null;
    }

    getAll(name) {
      return this.#pairs.filter(([key]) => key === String(name)).map(([, value]) => value);
    }

    has(name, value) {
      return this.#pairs.some(([key, held]) => key === String(name) && (value === undefined || held === String(value)));
    }

    set(name, value) {
      const first = this.#pairs.find(([key]) => key === String(name));
      if (first === undefined) {
        this.#pairs.push([String(name), String(value)]);
      } else {
        first[1] = String(value);
        this.#pairs = this.#pairs.filter((pair) => pair === first || pair[0] !== String(name));
      }
      this.#changed();
    }

    sort() {
      this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      this.#changed();
    }

    forEach(callback, thisValue = undefined) {
      for (const [name, value] of this.#pairs) {
        callback.call(thisValue, value, name, this);
      }
    }

    *entries() {
      for (const [name, value] of this.#pairs) {
        yield [name, value];
      }
    }

    *keys() {
      for (const [name] of this.#pairs) {
        yield name;
      }
    }

    *values() {
      for (const [, value] of this.#pairs) {
        yield value;
      }
    }

    [Symbol.iterator]() {
      return this.entries();
    }

    toString() {
      return this.#pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
    }

    get [Symbol.toStringTag]() {
      return 'URLSearchParams';
    }
  }

  function invalid(input) {
    const error = new TypeError('Invalid URL');
    error.code = 'ERR_INVALID_URL';
    error.input = input;
    return error;
  }

  class URL {
    #href;
    #params = null;

    static {
      partOf = (url, name) => doors.urlPart(url.#href, name);
      change = (url, name, value) => {
        url.#href = doors.urlWith(url.#href, name, `${value}`);
        url.#follow();
      };
    }

    constructor(input, base) {
      const href = doors.url(`${input}`.toWellFormed(), base === undefined ? null : `${base}`.toWellFormed());
      if (href === undefined) {
        throw invalid(`${input}`);
      }
      this.#href = href;
    }

    static canParse(input, base) {
      return doors.url(`${input}`, base === undefined ? null : `${base}`) !== undefined;
    }

    static parse(input, base) {
      return URL.canParse(input, base) ? new URL(input, base) : null;
    }

    get href() {
      return this.#href;
    }

    set href(value) {
      this.#href = new URL(value).href;
      this.#follow();
    }

    get origin() {
      return doors.urlPart(this.#href, 'origin');
    }

    get searchParams() {
      this.#params ??= paramsOf(this.search, (query) => {
        this.#href = doors.urlWith(this.#href, 'search', query);
      });
      return this.#params;
    }

    toString() {
      return this.#href;
    }

    toJSON() {
      return this.#href;
    }

    get [Symbol.toStringTag]() {
      return 'URL';
    }

    // Parameters that were handed out are those of the new address.
    #follow() {
      if (this.#params !== null) {
        replaceParams(this.#params, this.search);
      }
    }
  }

  for (const name of ['protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash']) {
    Object.defineProperty(URL.prototype, name, {
      get() {
        return partOf(this, name);
      },
      set(value) {
        change(this, name, value);
      },
      enumerable: true,
      configurable: true,
    });
  }

  // The order in which Node shows their members.
  const SHOWN = [
    [
      URL.prototype,
      'toString href origin protocol username password host hostname port pathname search searchParams hash toJSON',
    ],
    [URLSearchParams.prototype, 'size append delete get getAll has set sort entries forEach keys values toString'],
  ];
  for (const [prototype, names] of SHOWN) {
    for (const name of names.split(' ')) {
      const own = Object.getOwnPropertyDescriptor(prototype, name);
      delete prototype[name];
      Object.defineProperty(prototype, name, { ...own, enumerable: true });
    }
  }

  return { URL, URLSearchParams };
};
