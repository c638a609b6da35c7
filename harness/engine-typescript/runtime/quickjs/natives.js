// What QuickJS has in another way than Node: it is replaced when a realm is made. Its value is a function of the prelude's tools.
(tools) => {
  'use strict';

  const { doors, hide, keep, lack, script } = tools;
  const { hasOwn } = Object;
  const RealPromise = Promise;
  const { call } = Function.prototype;

  // Sorting as V8 does it. Without a comparison of the handler's it makes no difference how it is done.
  function installOrders(sorting) {
    const check = (compare) => {
      if (compare !== undefined && typeof compare !== 'function') {
        throw new TypeError('The comparison function must be either a function or undefined');
      }
    };
    const { prototype } = Array;
    const { sort, toSorted } = prototype;
    // Puts what is there in order; holes come last, behind what is undefined.
    function sortMembers(object, compare) {
      const length = Math.min(Math.max(Math.trunc(Number(object.length)) || 0, 0), Number.MAX_SAFE_INTEGER);
      const members = [];
      for (let place = 0; place < length; place += 1) {
        if (place in object) {
          members.push(object[place]);
        }
      }
      const sorted = sorting().sortList(members.filter((member) => member !== undefined), compare);
      for (let place = 0; place < length; place += 1) {
        if (place < members.length) {
          object[place] = place < sorted.length ? sorted[place] : undefined;
        } else if (place in object) {
          delete object[place];
        }
      }
      return object;
    }
    const lists = {
      sort(compare) {
        check(compare);
        return compare === undefined || this === null || this === undefined
          ? call.call(sort, this)
          : sortMembers(Object(this), compare);
      },
      toSorted(compare) {
        check(compare);
        return compare === undefined || this === null || this === undefined
          ? call.call(toSorted, this)
          : sortMembers(Array.from(this), compare);
      },
    };
    hide(prototype, 'sort', lists.sort);
    hide(prototype, 'toSorted', lists.toSorted);
    const numbers = Object.getPrototypeOf(Int8Array.prototype);
    const { sort: sortNumbers, toSorted: toSortedNumbers } = numbers;
    const arrays = {
      sort(compare) {
        check(compare);
        return compare === undefined || !ArrayBuffer.isView(this) || this.length < 2
          ? call.call(sortNumbers, this)
          : sorting().sortNumbers(this, compare);
      },
      toSorted(compare) {
        check(compare);
        const copy = call.call(toSortedNumbers, this);
        if (compare !== undefined) {
          copy.set(this);
          copy.sort(compare);
        }
        return copy;
      },
    };
    hide(numbers, 'sort', arrays.sort);
    hide(numbers, 'toSorted', arrays.toSorted);
  }

  // `Math` to the last bit as V8 has it.
  function installMath() {
    for (const name of Object.keys(doors.math)) {
      hide(Math, name, doors.math[name]);
    }
    const { hypot } = {
      hypot(...values) {
        const sizes = values.map((value) => Math.abs(value));
        const most = sizes.reduce((most, size) => (size > most ? size : most), 0);
        if (most === Infinity) {
          return most;
        }
        if (most === 0) {
          return sizes.some(Number.isNaN) ? NaN : 0;
        }
        // The sum with what rounding takes from it.
        let [sum, lost] = [0, 0];
        for (const size of sizes) {
          const share = size / most;
          const part = share * share - lost;
          const next = sum + part;
          lost = next - sum - part;
          sum = next;
        }
        return Math.sqrt(sum) * most;
      },
    };
    Object.defineProperty(hypot, 'length', { value: 2 });
    hide(Math, 'hypot', hypot);
  }

  // Numbers in other bases, with as many digits as V8 gives.
  function installTexts() {
    const { prototype } = Number;
    const { toString } = prototype;
    hide(prototype, 'toString', {
      toString(radix) {
        const decimal = call.call(toString, this);
        const number = +decimal;
        const base = Math.trunc(Number(radix));
        const isExact = Number.isSafeInteger(number) || !Number.isFinite(number);
        return isExact || !(base >= 2 && base <= 36) || base === 10 ? call.call(toString, this, radix) : doors.radixText(number, base);
      },
    }.toString);
    Object.defineProperty(prototype.toString, 'length', { value: 1 });
  }

  // Errors that say what they say in Node.
  function installErrors(messages) {
    const { parse } = JSON;
    hide(JSON, 'parse', {
      parse(text, reviver) {
        try {
          return reviver === undefined ? parse(text) : parse(text, reviver);
        } catch (error) {
          const words = typeof text === 'symbol' || !(error instanceof SyntaxError) ? null : messages().jsonMessage(`${text}`);
          throw words === null ? error : new SyntaxError(words);
        }
      },
    }.parse);
    // Called with what is caught.
    const natives = new Set([TypeError, RangeError, SyntaxError, ReferenceError, URIError]);
    doors.caught = (error) => {
      if (typeof error === 'object' && error !== null && natives.has(error.constructor)) {
        messages().say(error);
      }
    };
    // Which frames there are is each engine's own affair; what was thrown stands above them.
    const { get, set } = Object.getOwnPropertyDescriptor(Error.prototype, 'stack');
    doors.stackOf = (error) => (error instanceof Error && !hasOwn(error, 'stack') ? call.call(get, error) : error.stack);
    Object.defineProperty(Error.prototype, 'stack', {
      get() {
        const frames = call.call(get, this);
        if (typeof frames !== 'string') {
          return frames;
        }
        const { name } = Object.getPrototypeOf(this);
        const head = this.message === '' ? name : `${name}: ${this.message}`;
        return `${head}\n${doors.marked(frames)}`;
      },
      set,
      configurable: true,
    });
    const { then } = RealPromise.prototype;
    hide(RealPromise.prototype, 'then', {
      then(done, failed) {
        const told = (error) => {
          doors.caught(error);
          return failed(error);
        };
        return call.call(then, this, done, typeof failed === 'function' ? told : failed);
      },
    }.then);
    const { any } = RealPromise;
    hide(RealPromise, 'any', {
      any(promises) {
        return call.call(then, call.call(any, this, promises), undefined, (error) => {
          if (error instanceof AggregateError && error.message === '') {
            hide(error, 'message', 'All promises were rejected');
          }
          throw error;
        });
      },
    }.any);
    // What is referred to weakly stays as long as the call.
    const RealRef = WeakRef;
    const Weak = {
      WeakRef: class extends RealRef {
        constructor(target) {
          super(target);
          keep(target);
        }
      },
    }.WeakRef;
    Object.defineProperty(Weak, 'name', { value: 'WeakRef' });
    hide(globalThis, 'WeakRef', Weak);
    hide(globalThis, 'DOMException', ownDomException());
  }

  function ownDomException() {
    const CODES = { NotSupportedError: 9, InvalidCharacterError: 5, AbortError: 20, TimeoutError: 23, DataCloneError: 25 };
    class DOMException extends Error {
      #name;

      constructor(message = '', name = 'Error') {
        super(message);
        this.#name = `${name}`;
      }

      get name() {
        return this.#name;
      }

      get code() {
        return CODES[this.#name] ?? 0;
      }
    }
    return DOMException;
  }

  // What Node does not have, or not yet in its version here. Each row says since which version Node has it.
  function removeLater(node) {
    const iterator = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
    const NEVER = Infinity;
    const later = [
      [22, globalThis, 'Iterator'],
      [24, globalThis, 'AsyncDisposableStack DisposableStack Float16Array SuppressedError'],
      [NEVER, globalThis, 'InternalError'],
      [22, iterator, 'constructor drop every filter find flatMap forEach map reduce some take toArray'],
      [NEVER, iterator, 'chunks includes join windows'],
      [22, Array, 'fromAsync'],
      [22, ArrayBuffer.prototype, 'detached transfer transferToFixedLength'],
      [NEVER, ArrayBuffer.prototype, 'immutable sliceToImmutable transferToImmutable'],
      [24, Atomics, 'pause'],
      [24, DataView.prototype, 'getFloat16 setFloat16'],
      [24, Error, 'isError'],
      [NEVER, Function.prototype, 'columnNumber fileName lineNumber'],
      [22, JSON, 'isRawJSON rawJSON'],
      [22, Map, 'groupBy'],
      [NEVER, Map.prototype, 'getOrInsert getOrInsertComputed'],
      [24, Math, 'f16round'],
      [NEVER, Math, 'sumPrecise'],
      [22, Object, 'groupBy'],
      [22, Promise, 'withResolvers'],
      [24, Promise, 'try'],
      [24, RegExp, 'escape'],
      [22, Set.prototype, 'difference intersection isDisjointFrom isSubsetOf isSupersetOf symmetricDifference union'],
      [NEVER, Uint8Array, 'fromBase64 fromHex'],
      [NEVER, Uint8Array.prototype, 'setFromBase64 setFromHex toBase64 toHex'],
      [NEVER, WeakMap.prototype, 'getOrInsert getOrInsertComputed'],
    ];
    if (node >= 22) {
      for (const name of Object.getOwnPropertyNames(Iterator)) {
        if (!['length', 'name', 'prototype', 'from'].includes(name)) {
          delete Iterator[name];
        }
      }
    }
    for (const [since, target, names] of later) {
      for (const name of since > node ? names.split(' ') : []) {
        delete target[name];
      }
    }
    lack(RegExp, '$_ $& $+ $` $\' $1 $2 $3 $4 $5 $6 $7 $8 $9 input lastMatch lastParen leftContext rightContext', 'RegExp.');
  }

  installOrders(script('sort'));
  installMath();
  installTexts();
  installErrors(script('messages'));
  removeLater(doors.node);
};
