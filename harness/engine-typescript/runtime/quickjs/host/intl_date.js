// Dates and times as locales write them, by the tables that were made of Node's answers.
(tools) => {
  'use strict';

  const { doors, localeOf, refuse, supportedLocalesOf, unsupported } = tools;

  const NUMBER = ['numeric', '2-digit'];
  const NAME = ['narrow', 'short', 'long'];

  // The options of a date and of a time, with their values in the order of the tables.
  const DATE = { weekday: ['short', 'long', 'narrow'], year: NUMBER, month: [...NUMBER, 'short', 'long', 'narrow'], day: NUMBER };
  const TIME = { hour: NUMBER, minute: NUMBER, second: NUMBER };
  const ZONED = { ...TIME, timeZoneName: ['short', 'long'] };
  const CYCLES = ['h11', 'h12', 'h23', 'h24'];
  const STYLES = ['full', 'long', 'medium', 'short'];

  // A place in a table whose lists each begin with nothing.
  function placeOf(options, lists) {
    return Object.entries(lists).reduce((place, [name, values]) => place * (values.length + 1) + values.indexOf(options[name]) + 1, 0);
  }

  const entry = ({ patterns, index }, place) => patterns[index[place]];

  // What `timeZone` means: how many milliseconds its clocks are ahead at a time.
  function zoneOf(options) {
    const asked = options.timeZone === undefined ? doors.here() : String(options.timeZone);
    if (/^(?:etc\/)?(?:utc|gmt|uct|zulu)$/i.test(asked)) {
      return { timeZone: 'UTC', ahead: () => 0, isUtc: true };
    }
    const timeZone = doors.zone(asked);
    if (timeZone === undefined) {
      throw new RangeError(`Invalid time zone specified: ${asked}`);
    }
    return { timeZone, ahead: (time) => doors.ahead(timeZone, time), isUtc: false };
  }

  const UNSUPPORTED = ['era', 'dayPeriod', 'calendar', 'numberingSystem'];

  class DateTimeFormat {
    #pattern;
    #table;
    #zone;
    #options;
    #choice;
    // A text has ordinary spaces where parts have narrow ones.
    #format = (date) => this.formatToParts(date).map(({ value }) => value).join('').replaceAll('\u202f', ' ');

    constructor(locales, given, required = 'any', defaults = 'date', what = 'Intl.DateTimeFormat') {
      this.#choice = (...args) => tools.choice(what, ...args);
      const { name: locale, table } = localeOf(locales);
      const options = given === undefined ? {} : Object(given);
      refuse(options, 'Intl.DateTimeFormat', UNSUPPORTED);
      this.#table = table;
      this.#zone = zoneOf(options);
      const asked = this.#asked(options, required, defaults);
      const cycle = this.#cycle(options);
      const isStyled = asked.dateStyle !== undefined || asked.timeStyle !== undefined;
      this.#pattern = isStyled ? this.#styled(asked, cycle) : this.#composed(asked, cycle);
      if (!this.#zone.isUtc && this.#pattern.replaceAll(/'[^']*'/g, '').includes('z')) {
        throw unsupported(`the name of the time zone ${this.#zone.timeZone}`);
      }
      this.#options = { locale, calendar: 'gregory', numberingSystem: 'latn', timeZone: this.#zone.timeZone, ...asked };
    }

    static supportedLocalesOf = supportedLocalesOf;

    // What is to be written, with what is written by default where nothing of the kind was asked for.
    #asked(options, required, defaults) {
      const asked = {};
      for (const [name, values] of Object.entries({ ...DATE, ...TIME })) {
        const value = this.#choice(options, name, values, undefined);
        if (value !== undefined) {
          asked[name] = value;
        }
      }
      const digits = options.fractionalSecondDigits;
      if (digits !== undefined) {
        if (!(digits >= 1 && digits <= 3)) {
          throw new RangeError('fractionalSecondDigits value is out of range.');
        }
        asked.fractionalSecondDigits = Math.floor(digits);
      }
      const zoneNames = ['short', 'long', 'shortOffset', 'longOffset', 'shortGeneric', 'longGeneric'];
      const timeZoneName = this.#choice(options, 'timeZoneName', zoneNames, undefined);
      if (timeZoneName !== undefined) {
        if (!['short', 'long'].includes(timeZoneName)) {
          throw unsupported(`the timeZoneName ${timeZoneName}`);
        }
        asked.timeZoneName = timeZoneName;
      }
      const dateStyle = this.#choice(options, 'dateStyle', STYLES, undefined);
      const timeStyle = this.#choice(options, 'timeStyle', STYLES, undefined);
      if (dateStyle !== undefined || timeStyle !== undefined) {
        if ((required === 'date' && timeStyle !== undefined) || (required === 'time' && dateStyle !== undefined)) {
          throw new TypeError(`Invalid option : ${required === 'date' ? 'timeStyle' : 'dateStyle'}`);
        }
        const [first] = Object.keys(asked);
        if (first !== undefined) {
          throw new TypeError(`Can't set option ${first} when ${dateStyle === undefined ? 'timeStyle' : 'dateStyle'} is used`);
        }
        return { ...(dateStyle && { dateStyle }), ...(timeStyle && { timeStyle }) };
      }
      const has = (names) => names.some((name) => asked[name] !== undefined);
      const hasDate = required !== 'time' && has(Object.keys(DATE));
      const hasTime = required !== 'date' && has([...Object.keys(TIME), 'fractionalSecondDigits']);
      if (!hasDate && !hasTime) {
        const date = defaults === 'time' ? [] : ['year', 'month', 'day'];
        const time = defaults === 'date' ? [] : ['hour', 'minute', 'second'];
        for (const name of [...date, ...time]) {
          asked[name] = 'numeric';
        }
      }
      return asked;
    }

    // The place of the way to count hours in the tables.
    #cycle(options) {
      if (options.hour12 !== undefined) {
        return options.hour12 ? 1 : 2;
      }
      const hourCycle = this.#choice(options, 'hourCycle', CYCLES, undefined);
      return hourCycle === undefined ? 0 : 3 + CYCLES.indexOf(hourCycle);
    }

    #styled(asked, cycle) {
      const place = placeOf(asked, { dateStyle: STYLES, timeStyle: STYLES });
      return entry(this.#table.styles, place * 7 + cycle);
    }

    #composed(asked, cycle) {
      const { dates, glues, times, weekdays } = this.#table;
      const [datePlace, timePlace] = [placeOf(asked, DATE), placeOf(asked, ZONED)];
      const hasTime = Object.keys(TIME).some((name) => asked[name] !== undefined);
      const names = Object.keys(DATE).filter((name) => asked[name] !== undefined);
      const fraction = (pattern) => this.#withFraction(pattern, asked);
      if (names.join() === 'weekday' && timePlace !== 0) {
        const place = DATE.weekday.indexOf(asked.weekday) * (weekdays.index.length / DATE.weekday.length);
        return fraction(entry(weekdays, place + timePlace * 7 + cycle));
      }
      const date = datePlace === 0 ? '' : entry(dates, datePlace);
      const isTimed = hasTime || (datePlace === 0 && timePlace !== 0);
      const time = fraction(isTimed ? entry(times, timePlace * 7 + cycle) : '');
      const zone = hasTime || datePlace === 0 ? '' : ({ short: 'z', long: 'zzzz' }[asked.timeZoneName] ?? '');
      const rest = time + zone;
      // What stands between them begins with what the date ends with.
      return date === '' || rest === '' ? date + rest : `${date.replace(/'[^']*'$/, '')}'${entry(glues, datePlace)}'${rest}`;
    }

    #withFraction(time, { fractionalSecondDigits, second }) {
      if (fractionalSecondDigits === undefined) {
        return time;
      }
      const digits = 'S'.repeat(fractionalSecondDigits);
      if (second === undefined) {
        if (time !== '') {
          throw unsupported('fractionalSecondDigits of Intl.DateTimeFormat with hours and no seconds');
        }
        return digits;
      }
      return time.replace(/s+(?=(?:[^']*'[^']*')*[^']*$)/, (seconds) => `${seconds}'${this.#table.numbers.decimal}'${digits}`);
    }

    get format() {
      return this.#format;
    }

    resolvedOptions() {
      return { ...this.#options };
    }

    formatToParts(date) {
      const time = date === undefined ? Date.now() : Number(date);
      if (!(Math.abs(time) <= 8.64e15)) {
        throw new RangeError('Invalid time value');
      }
      const local = new Date(Math.trunc(time) + this.#zone.ahead(time));
      if (local.getUTCFullYear() < 1) {
        throw unsupported('a date before the year 1 in Intl.DateTimeFormat');
      }
      const pieces = this.#pattern.match(/'[^']*'|(\w)\1*/g) ?? [];
      return pieces.filter((piece) => piece !== "''").map((piece) => this.#part(piece, local));
    }

    #part(piece, local) {
      const names = this.#table.names[piece];
      const two = (number) => String(number).padStart(2, '0');
      const width = (number) => (piece.length === 2 ? two(number % 100) : String(number));
      const hours = local.getUTCHours();
      switch (piece[0]) {
        case "'":
          return { type: 'literal', value: piece.slice(1, -1) };
        case 'E':
        case 'c':
          return { type: 'weekday', value: names[local.getUTCDay()] };
        case 'y':
          return { type: 'year', value: width(local.getUTCFullYear()) };
        case 'M':
        case 'L':
          return { type: 'month', value: names?.[local.getUTCMonth()] ?? width(local.getUTCMonth() + 1) };
        case 'd':
          return { type: 'day', value: width(local.getUTCDate()) };
        case 'h':
          return { type: 'hour', value: width(hours % 12 || 12) };
        case 'H':
          return { type: 'hour', value: width(hours) };
        case 'K':
          return { type: 'hour', value: width(hours % 12) };
        case 'k':
          return { type: 'hour', value: width(hours || 24) };
        case 'm':
          return { type: 'minute', value: width(local.getUTCMinutes()) };
        case 's':
          return { type: 'second', value: width(local.getUTCSeconds()) };
        case 'S':
          return { type: 'fractionalSecond', value: String(local.getUTCMilliseconds()).padStart(3, '0').slice(0, piece.length) };
        case 'a':
          return { type: 'dayPeriod', value: names[hours < 12 ? 0 : 1] };
        default:
          return { type: 'timeZoneName', value: names[0] };
      }
    }

    formatRange() {
      throw unsupported('formatRange of Intl.DateTimeFormat');
    }

    formatRangeToParts() {
      throw unsupported('formatRangeToParts of Intl.DateTimeFormat');
    }
  }

  // The methods of a date: which parts they ask for, and which they write by default.
  const METHODS = {
    toLocaleString: ['any', 'all'],
    toLocaleDateString: ['date', 'date'],
    toLocaleTimeString: ['time', 'time'],
  };

  function dateText(date, method, locales, options) {
    const time = date.getTime();
    return Number.isNaN(time) ? 'Invalid Date' : new DateTimeFormat(locales, options, ...METHODS[method], `Date.prototype.${method}`).format(time);
  }

  // Also without `new`.
  const callable = new Proxy(DateTimeFormat, {
    apply: (target, _, [locales, options]) => new target(locales, options),
    construct: (target, [locales, options]) => new target(locales, options),
  });
  DateTimeFormat.prototype.constructor = callable;
  return { DateTimeFormat: callable, dateText };
};
