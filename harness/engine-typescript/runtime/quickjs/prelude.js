// What QuickJS lacks of a JavaScript host, with clock and randomness under the harness's control; and the driver that
// turns what a handler did into one of the ends that Rust reads.
//
// Evaluated once a context. Its value is a function of the doors to Rust; that function installs the globals and answers
// a function of the handler package, which answers the driver.
(doors) => {
  'use strict';

  const RealDate = Date;
  const RealPromise = Promise;
  const { construct } = Reflect;
  const { hasOwn } = Object;
  const datePrototype = RealDate.prototype;
  const DATE_PARTS = ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds', 'Day'];
  const wellFormed = String.prototype.toWellFormed;
  const call = Function.prototype.call;

  function hide(target, name, value) {
    Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
  }

  // --- The clock: it stands still, and its zone is that of the call whatever the zone of the process is. ---

  let now = 0;
  let zone = 'UTC';
  doors.here = () => zone;
  // Only QuickJS has to be told: the process of Node is in the zone of the call.
  let fromLocal;
  function installZone() {
    const { getTime, setTime, toUTCString } = datePrototype;
    // The date whose parts in UTC are those that another one has here.
    function local(date) {
      const time = call.call(getTime, date);
      return new RealDate(Number.isNaN(time) ? time : time + doors.ahead(zone, time));
    }
    // The time at which the clocks here show what those of UTC show at another time.
    fromLocal = (time) => (zone === 'UTC' || Number.isNaN(time) ? time : doors.fromLocal(zone, time));
    for (const part of DATE_PARTS) {
      const get = datePrototype[`getUTC${part}`];
      const set = datePrototype[`setUTC${part}`];
      // Where a part is no finite number, QuickJS leaves a date as it is. It is invalid then.
      function setParts(date, parts) {
        const numbers = parts.slice(0, set.length).map((value) => +value);
        const isTime = numbers.length > 0 && numbers.every((number) => Number.isFinite(number));
        return isTime ? call.call(set, date, ...numbers) : call.call(setTime, date, NaN);
      }
      const parts = {
        get() {
          return call.call(get, zone === 'UTC' ? this : local(this));
        },
        setUTC(...args) {
          return setParts(this, args);
        },
        set(...args) {
          if (zone === 'UTC') {
            return setParts(this, args);
          }
          const moved = local(this);
          setParts(moved, args);
          return call.call(setTime, this, fromLocal(call.call(getTime, moved)));
        },
      };
      for (const [name, method] of Object.entries(parts)) {
        const like = name === 'get' ? get : set;
        if (like !== undefined) {
          Object.defineProperty(method, 'name', { value: `${name}${part}`, configurable: true });
          Object.defineProperty(method, 'length', { value: like.length, configurable: true });
          hide(datePrototype, `${name}${part}`, method);
        }
      }
    }
    hide(datePrototype, 'getTimezoneOffset', {
      getTimezoneOffset() {
        const time = this.getTime();
        return zone === 'UTC' || Number.isNaN(time) ? time * 0 + 0 : Math.trunc(-doors.ahead(zone, time) / 60_000) + 0;
      },
    }.getTimezoneOffset);

    // `Thu, 15 Jan 2026 09:30:00 GMT` is where all the texts come from.
    const IN_UTC = 'GMT+0000 (Coordinated Universal Time)';
    // The names of the zones that cases are in, in winter and in summer.
    const ZONES = {
      'America/New_York': ['Eastern Standard Time', 'Eastern Daylight Time'],
      'Asia/Kolkata': ['India Standard Time'],
      'Pacific/Auckland': ['New Zealand Standard Time', 'New Zealand Daylight Time'],
    };
    function zoneText(time) {
      if (zone === 'UTC') {
        return IN_UTC;
      }
      const minutes = doors.ahead(zone, time) / 60_000;
      const name = Number.isInteger(minutes) ? ZONES[zone]?.[doors.isSummer(zone, time) ? 1 : 0] : undefined;
      if (name === undefined) {
        unsupported(`the name of the time zone ${zone}`);
      }
      const digits = (number) => String(number).padStart(2, '0');
      const away = Math.abs(minutes);
      return `GMT${minutes < 0 ? '-' : '+'}${digits(Math.floor(away / 60))}${digits(away % 60)} (${name})`;
    }
    function texts(date) {
      const text = toUTCString.call(zone === 'UTC' ? date : local(date));
      if (text === 'Invalid Date') {
        return null;
      }
      const [weekday, day, month, year, time] = text.split(' ');
      return { date: `${weekday.slice(0, 3)} ${month} ${day} ${year}`, time: () => `${time} ${zoneText(date.getTime())}` };
    }
    hide(datePrototype, 'toString', function toString() {
      const both = texts(this);
      return both === null ? 'Invalid Date' : `${both.date} ${both.time()}`;
    });
    hide(datePrototype, 'toDateString', function toDateString() {
      return texts(this)?.date ?? 'Invalid Date';
    });
    hide(datePrototype, 'toTimeString', function toTimeString() {
      return texts(this)?.time() ?? 'Invalid Date';
    });
  }
  const isNode = doors.parseDate === undefined;
  if (!isNode) {
    installZone();
  }

  const parse = isNode ? RealDate.parse : (text) => doors.parseDate(call.call(wellFormed, text), zone);
  function AmbientDate(...args) {
    if (new.target === undefined) {
      return new RealDate(now).toString();
    }
    if (args.length === 0) {
      return construct(RealDate, [now], new.target);
    }
    if (args.length === 1) {
      const isText = typeof args[0] === 'string' || args[0] instanceof String;
      return construct(RealDate, [isText ? parse(`${args[0]}`) : args[0]], new.target);
    }
    return construct(RealDate, isNode ? args : [fromLocal(RealDate.UTC(...args))], new.target);
  }
  Object.defineProperty(AmbientDate, 'name', { value: 'Date' });
  Object.defineProperty(AmbientDate, 'length', { value: 7 });
  Object.defineProperty(AmbientDate, 'prototype', { value: datePrototype, writable: false });
  hide(AmbientDate, 'now', () => now);
  hide(AmbientDate, 'UTC', RealDate.UTC);
  hide(AmbientDate, 'parse', { parse: (text) => parse(`${text}`) }.parse);
  hide(datePrototype, 'constructor', AmbientDate);
  hide(globalThis, 'Date', AmbientDate);
  hide(globalThis, 'performance', {
    now: () => 0,
    timeOrigin: 0,
    mark: (name) => ({ name, entryType: 'mark', startTime: 0, duration: 0 }),
    measure: (name) => ({ name, entryType: 'measure', startTime: 0, duration: 0 }),
    getEntries: () => [],
    getEntriesByName: () => [],
  });

  // --- Randomness: the streams live in Rust. ---

  const subtle = globalThis.crypto?.subtle ?? {
    async digest(algorithm, data) {
      const name = (algorithm.name ?? algorithm).toLowerCase().replace('-', '');
      if (!['sha1', 'sha256', 'sha384', 'sha512'].includes(name)) {
        throw new DOMException('Unrecognized algorithm name', 'NotSupportedError');
      }
      return doors.digest(name, new Uint8Array(data.buffer ?? data, data.byteOffset, data.byteLength), null).buffer;
    },
  };
  hide(Math, 'random', doors.float);
  hide(globalThis, 'crypto', {
    subtle,
    randomUUID: doors.uuid,
    getRandomValues(array) {
      if (!ArrayBuffer.isView(array) || array instanceof DataView || /Float/.test(array.constructor.name)) {
        throw new TypeError('getRandomValues takes an integer typed array');
      }
      if (array.byteLength > 65536) {
        throw new RangeError('getRandomValues takes at most 65536 bytes');
      }
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(doors.bytes(array.byteLength));
      return array;
    },
  });

  // --- Timers in virtual time: nobody waits. The earliest one fires when no job is left. ---

  let timers = [];
  let virtualTime = 0;
  // What waits for the end of the running jobs, and what is kept alive for the call.
  let ticks = [];
  let kept = [];
  let lastTimer = 0;
  function addTimer(callback, delay, args, repeats) {
    if (typeof callback !== 'function') {
      throw new TypeError('a timer needs a function');
    }
    const wait = delay >= 1 ? Math.trunc(delay) : 1;
    lastTimer += 1;
    timers.push({ id: lastTimer, due: virtualTime + wait, wait, callback, args, repeats });
    return lastTimer;
  }
  function dropTimer(id) {
    timers = timers.filter((timer) => timer.id !== id);
  }
  // Whether there was one.
  function fireTimer() {
    if (ticks.length > 0) {
      ticks.shift()();
      return true;
    }
    if (timers.length === 0) {
      return false;
    }
    const next = timers.reduce((first, timer) => (timer.due < first.due ? timer : first));
    virtualTime = next.due;
    dropTimer(next.id);
    if (next.repeats) {
      timers.push({ ...next, due: virtualTime + next.wait });
    }
    next.callback(...next.args);
    return true;
  }
  hide(globalThis, 'setTimeout', (callback, delay, ...args) => addTimer(callback, delay, args, false));
  hide(globalThis, 'setInterval', (callback, delay, ...args) => addTimer(callback, delay, args, true));
  hide(globalThis, 'setImmediate', (callback, ...args) => addTimer(callback, 0, args, false));
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate']) {
    hide(globalThis, name, dropTimer);
  }
  hide(globalThis, 'queueMicrotask', (callback) => {
    RealPromise.resolve().then(() => callback());
  });

  // --- The console: nobody reads it. ---

  const console = {};
  const SINKS = 'assert count debug dir error group groupCollapsed groupEnd info log table time timeEnd timeLog trace warn';
  for (const name of SINKS.split(' ')) {
    console[name] = () => undefined;
  }
  hide(globalThis, 'console', console);

  // --- What is not there: it is noted for the harness, and refused. ---

  const MARK = '\u{f8ff}';
  doors.mark = MARK;
  // A text that only Node knows; where an answer shows it, it is unsupported.
  doors.marked = (text) => {
    doors.noteMark?.();
    return `${MARK}${text}${MARK}`;
  };

  function unsupported(what) {
    doors.unsupported(what);
    return new Error(`${what} is not supported in this engine; --engine node has it`);
  }
  hide(globalThis, Symbol.for('parity.unsupported'), doors.unsupported);

  // Doors that lead out: they are there, as in Node, and refuse.
  function close(target, what, names, place) {
    for (const name of names.split(' ')) {
      hide(target, name, function refuse() {
        const detail = `${place}${name}`;
        doors.denied(what, detail);
        throw new Error(`handlers may not do this (${what}): ${detail}`);
      });
    }
  }

  // An error of Node's own modules.
  const coded = (Type, code, message) => Object.assign(new Type(message), { code });

  // How such an error names a value that it refuses.
  function received(value) {
    if (value === null || value === undefined) {
      return `Received ${value}`;
    }
    if (typeof value === 'function') {
      return `Received function ${value.name}`;
    }
    if (typeof value === 'object') {
      return value.constructor?.name ? `Received an instance of ${value.constructor.name}` : doors.marked('Received an object');
    }
    const text = typeof value === 'string' ? (value.includes("'") ? doors.marked(value) : `'${value}'`) : String(value);
    return text.length > 28 ? doors.marked(text) : `Received type ${typeof value} (${text}${typeof value === 'bigint' ? 'n' : ''})`;
  }

  const helpers = { coded, isError: Error.isError, received, unsupported };

  // Members of one of Node's modules; others are asked for in vain.
  function shelf(place, members) {
    return new Proxy(members, {
      get(target, key) {
        if (typeof key === 'string' && !(key in target) && key !== 'then') {
          unsupported(`${place}.${key}`);
        }
        return target[key];
      },
    });
  }

  // --- What Node has and QuickJS lacks. The scripts are evaluated when a handler first asks for what they make. ---

  const LACKING =
    'AbortController AbortSignal Blob ByteLengthQueuingStrategy CompressionStream CountQueuingStrategy Crypto CryptoKey ' +
    'CustomEvent DecompressionStream Event EventTarget File FormData Headers MessageChannel MessageEvent MessagePort ' +
    'Performance PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver PerformanceObserverEntryList ' +
    'PerformanceResourceTiming ReadableByteStreamController ReadableStream ReadableStreamBYOBReader ' +
    'ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader Request Response SubtleCrypto ' +
    'TextDecoderStream TextEncoderStream TransformStream TransformStreamDefaultController WebAssembly WritableStream ' +
    'WritableStreamDefaultController WritableStreamDefaultWriter';

  let hasExited = false;
  if (doors.script !== undefined) {
    const stream = { isTTY: false, write: () => true };
    hide(globalThis, 'process', {
      argv: ['node'],
      arch: 'x64',
      cwd: () => '/',
      env: {},
      exit() {
        hasExited = true;
        throw new Error('process.exit');
      },
      hrtime: Object.assign(() => [0, 0], { bigint: () => 0n }),
      memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
      nextTick: (callback, ...args) => {
        ticks.push(() => callback(...args));
      },
      pid: 1,
      platform: 'linux',
      stderr: stream,
      stdout: stream,
      uptime: () => 0,
      version: `v${doors.node}.0.0`,
      versions: { node: `${doors.node}.0.0` },
    });
    const { process } = globalThis;
    close(process, 'file', 'chdir umask', 'process.');
    close(process, 'process', 'abort kill reallyExit', 'process.');
    close(process, 'native_code', '_linkedBinding binding dlopen getBuiltinModule', 'process.');
    close(globalThis, 'network', 'fetch', '');
    close(globalThis, 'process', 'BroadcastChannel', '');
    hide(globalThis, 'global', globalThis);
    lack(globalThis, LACKING, '');
    lazily(script('text'), ['TextEncoder', 'TextDecoder']);
    delete globalThis.atob;
    delete globalThis.btoa;
    lazily(script('buffer'), ['Buffer', 'atob', 'btoa']);
    lazily(script('clone'), ['structuredClone']);
    lazily(script('url'), ['URL', 'URLSearchParams']);
    installLocales(script('intl'));
    doors.natives({ doors, hide, keep: (target) => kept.push(target), lack, script });
    hide(globalThis, Symbol.for('parity.doors'), { ...doors, ...helpers, shelf });
  }

  // Notes it when somebody asks for one of the names that Node has.
  function lack(target, names, place) {
    for (const name of names.split(' ')) {
      Object.defineProperty(target, name, {
        get() {
          unsupported(`${place}${name}`);
        },
        set(value) {
          Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
        },
        configurable: true,
      });
    }
  }

  // What a script makes, once.
  function script(name) {
    let made = null;
    return () => {
      made ??= doors.script(name)({ ...doors, ...helpers });
      return made;
    };
  }

  // The methods that write and order in the manner of a locale.
  function installLocales(intl) {
    lazily(intl, ['Intl']);
    for (const { prototype, name } of [Number, BigInt]) {
      const { valueOf } = prototype;
      hide(prototype, 'toLocaleString', function toLocaleString(locales, options) {
        return intl().numberText(valueOf.call(this), locales, options, `${name}.prototype.toLocaleString`);
      });
    }
    for (const method of ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString']) {
      hide(datePrototype, method, function toLocaleText(locales, options) {
        return intl().dateText(this, method, locales, options);
      });
    }
    hide(Array.prototype, 'toLocaleString', function toLocaleString(locales, options) {
      return Array.from(this, (value) => value?.toLocaleString(locales, options) ?? '').join(',');
    });
    hide(String.prototype, 'localeCompare', function localeCompare(other, locales, options) {
      return intl().compare(String(this), String(other), locales, options);
    });
    for (const [method, plain] of [['toLocaleUpperCase', 'toUpperCase'], ['toLocaleLowerCase', 'toLowerCase']]) {
      hide(String.prototype, method, function toLocaleCase(locales) {
        const text = String(this);
        return (locales === undefined ? text : intl().caseOf(text, locales, method))[plain]();
      });
    }
  }

  function lazily(make, names) {
    for (const name of names.filter((name) => globalThis[name] === undefined)) {
      Object.defineProperty(globalThis, name, {
        get() {
          const value = make()[name];
          hide(globalThis, name, value);
          return value;
        },
        set(value) {
          hide(globalThis, name, value);
        },
        enumerable: false,
        configurable: true,
      });
    }
  }

  // --- The driver. ---

  const COMPLETED = 0;
  const PERMANENT = 1;
  const RETRYABLE = 2;
  const CRASHED = 3;
  const EXITED = 4;

  function text(value) {
    return call.call(wellFormed, `${value}`);
  }

  function crashed(className, message, stack) {
    return [CRASHED, text(className), text(message), typeof stack === 'string' ? text(stack) : ''];
  }

  function noun(value) {
    return value === null || typeof value !== 'object' ? String(value) : (value.constructor?.name ?? 'an object');
  }

  const stackOf = (thrown) => (doors.stackOf === undefined ? thrown.stack : doors.stackOf(thrown));

  function crashOf(thrown) {
    doors.caught?.(thrown);
    if (thrown === null || (typeof thrown !== 'object' && typeof thrown !== 'function')) {
      const kind = thrown === null ? 'null' : typeof thrown;
      return crashed(`thrown ${kind}`, String(thrown), '');
    }
    try {
      const name = thrown.constructor?.name;
      const className = typeof name === 'string' && name !== '' ? name : 'thrown object';
      return crashed(className, 'message' in thrown ? String(thrown.message) : String(thrown), stackOf(thrown));
    } catch {
      return crashed('thrown object', 'it cannot be described', '');
    }
  }

  // By its class; what a function threw is wrapped already, and has the name of its kind.
  const THROWN = Symbol.for('parity.thrown');
  function classOf(thrown) {
    const name = thrown.constructor?.name;
    return typeof name === 'string' && name !== '' ? name : null;
  }

  function failed(retryable, code, message, metadata, type, isThrown) {
    let context = metadata ?? {};
    let ownCode = null;
    let retryAfter = null;
    if (typeof context === 'object' && !Array.isArray(context)) {
      if (hasOwn(context, 'error_code') || hasOwn(context, 'retry_after')) {
        ({ error_code: ownCode, retry_after: retryAfter, ...context } = context);
      }
    }
    const kind = retryable ? RETRYABLE : PERMANENT;
    return [kind, code ?? ownCode ?? null, message, retryAfter ?? null, context, type ?? null, isThrown];
  }

  return (tasker) => {
    const { HandlerRegistry, PermanentError, RetryableError, StepContext, StepHandler, StepHandlerResult } = tasker;
    // The handler classes, each with the name and the file under which it was seen first.
    const seen = new Map();
    function noteClass(value, name, file) {
      if (typeof value === 'function' && value.prototype instanceof StepHandler && !seen.has(value)) {
        seen.set(value, { name, file });
      }
    }
    function ownerOfName(handler) {
      let owner = handler;
      while (owner !== StepHandler && !hasOwn(owner, 'handlerName')) {
        owner = Object.getPrototypeOf(owner);
      }
      return owner;
    }
    // Whether a class has a method, which may be a field that holds a function.
    function hasMethod(handler, method) {
      if (!(method in handler.prototype)) {
        try {
          return typeof new handler()[method] === 'function';
        } catch {
          return false;
        }
      }
      return typeof handler.prototype[method] === 'function';
    }
    return {
      // The names of an object's enumerable members, inherited ones too.
      members(object) {
        const names = [];
        for (const name in object) {
          names[names.length] = name;
        }
        return names;
      },
      // Notes the handler classes among a module's exports, and those in lists and tables that it exports.
      note(module, file) {
        for (const [name, exported] of Object.entries(module)) {
          const isTable = typeof exported === 'object' && exported !== null && !(exported instanceof StepHandler);
          noteClass(exported, name, file);
          for (const [key, member] of isTable ? Object.entries(exported) : []) {
            noteClass(member, key, file);
          }
        }
      },
      // What was noted, and what was registered: [class, the names that it says it has, name, name of the export if that is
      // another one, file, whether another class extends it, those of the methods that it has].
      sightings(methods = []) {
        const registered = [...HandlerRegistry.instance().handlers()];
        for (const [name, handler] of registered) {
          noteClass(handler, name, '');
        }
        return [...seen].map(([handler, { name, file }]) => {
          const owner = ownerOfName(handler);
          const own = owner === handler || !seen.has(owner) ? [handler.handlerName] : [];
          const names = [...own, ...registered.filter(([, other]) => other === handler).map(([name]) => name)];
          const declared = names.filter((name) => typeof name === 'string' && name !== '');
          const isExtended = [...seen.keys()].some((other) => other.prototype instanceof handler);
          const exported = handler.name === '' || handler.name === name || name === 'default' ? null : name;
          const has = methods.filter((method) => hasMethod(handler, method));
          return [handler, [...new Set(declared)], handler.name || name, exported, file, isExtended, has];
        });
      },
      // What stands for a class whose method is called instead of `call`.
      dispatched: (handlerClass, method) =>
        function dispatched() {
          const handler = new handlerClass();
          return { call: (context) => handler[method](context) };
        },
      // Sets the clock and forgets what an earlier call left behind.
      reset(time, place = 'UTC') {
        now = time;
        zone = place;
        hasExited = false;
        timers = [];
        ticks = [];
        kept = [];
        virtualTime = 0;
      },
      start(handlerClass, ids, inputData, dependencyResults, stepConfig, retryCount, maxRetries, stepInputs, checkpoint) {
        const [handlerName, taskUuid, stepUuid] = ids;
        const answer = new handlerClass().call(
          new StepContext({
            taskUuid,
            stepUuid,
            correlationId: taskUuid,
            handlerName,
            inputData,
            dependencyResults,
            stepConfig,
            stepInputs: stepInputs ?? {},
            retryCount,
            maxRetries,
            checkpoint: checkpoint ?? null,
          }),
        );
        const isThenable = !(answer instanceof RealPromise) && typeof answer?.then === 'function';
        return isThenable ? RealPromise.resolve(answer) : answer;
      },
      // Calls one handler after the other with nothing around it: what a campaign is measured against.
      async bareLoop(start, calls) {
        for (const call of calls) {
          try {
            await start(...call);
          } catch {
            // How it ends does not matter.
          }
        }
      },
      fireTimer,
      // What the handler returned.
      conclude(answer) {
        if (hasExited) {
          return [EXITED];
        }
        if (!(answer instanceof StepHandlerResult)) {
          return crashed('TypeError', `call returned ${noun(answer)}, not a StepHandlerResult`, '');
        }
        if (answer.success) {
          return [COMPLETED, answer.result, answer.metadata ?? {}];
        }
        const { retryable, errorCode, errorMessage, metadata, errorType } = answer;
        return failed(retryable, errorCode, errorMessage, metadata, errorType, answer[THROWN] === true);
      },
      // What the handler threw.
      refuse(thrown) {
        if (hasExited) {
          return [EXITED];
        }
        if (thrown instanceof PermanentError || thrown instanceof RetryableError) {
          const isRetryable = thrown instanceof RetryableError;
          return failed(isRetryable, null, thrown.message, thrown.metadata, classOf(thrown), true);
        }
        return crashOf(thrown);
      },
      crash: crashOf,
    };
  };
};
