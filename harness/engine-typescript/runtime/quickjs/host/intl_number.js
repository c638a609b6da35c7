// Numbers as locales write them. A number is the shortest decimal text that means it, and is rounded as that, half away
// from zero.
(tools) => {
  'use strict';

  const { data, localeOf, refuse, supportedLocalesOf, unsupported } = tools;

  const CURRENCIES = new Set(data.currencies.split(' '));

  // The digits of a finite number that is not negative, and how many stand before its point.
  function decimalOf(text) {
    const [mantissa, exponent = '0'] = text.toLowerCase().split('e');
    const [whole, fraction = ''] = mantissa.split('.');
    const digits = (whole + fraction).replace(/^0+(?=\d)/, '');
    const lost = whole.length + fraction.length - digits.length;
    return digits === '0' ? { digits: '', point: 0 } : { digits, point: whole.length - lost + Number(exponent) };
  }

  // Keeps so many digits, rounded.
  function rounded({ digits, point }, kept) {
    if (kept < 0) {
      return { digits: '', point: 0 };
    }
    if (kept >= digits.length) {
      return { digits, point };
    }
    const goesUp = digits[kept] >= '5';
    const start = digits.slice(0, kept);
    if (!goesUp) {
      return { digits: start, point };
    }
    const raised = String(BigInt(`1${start}`) + 1n);
    return raised[0] === '2' ? { digits: `1${raised.slice(1)}`, point: point + 1 } : { digits: raised.slice(1), point };
  }

  // A whole number between limits, as an option gives it.
  function count(options, name, low, high, fallback) {
    const value = options[name];
    if (value === undefined) {
      return fallback;
    }
    const number = Number(value);
    if (!(number >= low && number <= high)) {
      throw new RangeError(`${name} value is out of range.`);
    }
    return Math.floor(number);
  }

  function digitsOf(options, low, high) {
    const minimumIntegerDigits = count(options, 'minimumIntegerDigits', 1, 21, 1);
    if (options.minimumSignificantDigits !== undefined || options.maximumSignificantDigits !== undefined) {
      const minimumSignificantDigits = count(options, 'minimumSignificantDigits', 1, 21, 1);
      const maximumSignificantDigits = count(options, 'maximumSignificantDigits', minimumSignificantDigits, 21, 21);
      return { minimumIntegerDigits, minimumSignificantDigits, maximumSignificantDigits };
    }
    const least = count(options, 'minimumFractionDigits', 0, 20, undefined);
    const most = count(options, 'maximumFractionDigits', 0, 20, undefined);
    if (least !== undefined && most !== undefined && least > most) {
      throw new RangeError('maximumFractionDigits value is out of range.');
    }
    const minimumFractionDigits = least ?? Math.min(low, most ?? low);
    const maximumFractionDigits = most ?? Math.max(high, minimumFractionDigits);
    return { minimumIntegerDigits, minimumFractionDigits, maximumFractionDigits };
  }

  function currencyOf(choice, options, style) {
    const currency = options.currency === undefined ? undefined : String(options.currency).toUpperCase();
    if (currency !== undefined && !/^[A-Z]{3}$/.test(currency)) {
      throw new RangeError(`Invalid currency code : ${options.currency}`);
    }
    if (style !== 'currency') {
      return {};
    }
    if (currency === undefined) {
      throw new TypeError('Currency code is required with currency style.');
    }
    const currencyDisplay = choice(options, 'currencyDisplay', ['code', 'symbol', 'narrowSymbol', 'name'], 'symbol');
    const currencySign = choice(options, 'currencySign', ['standard', 'accounting'], 'standard');
    if (currencyDisplay === 'name' || currencySign === 'accounting') {
      throw unsupported(`currencyDisplay ${currencyDisplay} with currencySign ${currencySign} of Intl.NumberFormat`);
    }
    if (!CURRENCIES.has(currency)) {
      throw unsupported(`the currency ${currency}`);
    }
    return { currency, currencyDisplay, currencySign };
  }

  function groupingOf(choice, options) {
    const { useGrouping } = options;
    if (useGrouping === undefined || useGrouping === 'true' || useGrouping === 'false') {
      return 'auto';
    }
    if (useGrouping === true) {
      return 'always';
    }
    return useGrouping ? choice(options, 'useGrouping', ['min2', 'auto', 'always'], 'auto') : false;
  }

  const UNSUPPORTED = ['unit', 'unitDisplay', 'compactDisplay', 'numberingSystem', 'roundingIncrement', 'roundingMode'];

  class NumberFormat {
    #options;
    #table;
    #format = (number) => this.formatToParts(number).map(({ value }) => value).join('');

    constructor(locales, given, what = 'Intl.NumberFormat') {
      const { name: locale, table } = localeOf(locales);
      const choice = (...args) => tools.choice(what, ...args);
      const options = given === undefined ? {} : Object(given);
      const style = choice(options, 'style', ['decimal', 'percent', 'currency', 'unit'], 'decimal');
      const notation = choice(options, 'notation', ['standard', 'scientific', 'engineering', 'compact'], 'standard');
      if (style === 'unit' || notation !== 'standard') {
        throw unsupported(style === 'unit' ? 'the style unit of Intl.NumberFormat' : `the notation ${notation}`);
      }
      refuse(options, 'Intl.NumberFormat', [...UNSUPPORTED, 'roundingPriority', 'trailingZeroDisplay']);
      const currency = currencyOf(choice, options, style);
      const usual = style === 'currency' ? (data.digits[currency.currency] ?? 2) : 0;
      const most = { decimal: 3, percent: 0, currency: usual }[style];
      const signs = ['auto', 'never', 'always', 'exceptZero', 'negative'];
      this.#table = table.numbers;
      this.#options = {
        locale,
        numberingSystem: 'latn',
        style,
        ...currency,
        ...digitsOf(options, usual, most),
        useGrouping: groupingOf(choice, options),
        notation,
        signDisplay: choice(options, 'signDisplay', signs, 'auto'),
        roundingMode: 'halfExpand',
        roundingIncrement: 1,
        trailingZeroDisplay: 'auto',
        roundingPriority: 'auto',
      };
    }

    static supportedLocalesOf = supportedLocalesOf;

    get format() {
      return this.#format;
    }

    resolvedOptions() {
      return { ...this.#options };
    }

    formatToParts(number) {
      const value = typeof number === 'bigint' ? number : Number(number);
      const isNegative = value < 0 || Object.is(value, -0);
      const parts = this.#magnitude(value);
      const isZero = parts.every(({ type, value: text }) => !/integer|fraction/.test(type) || /^0*$/.test(text));
      const sign = this.#sign(isNegative, isZero && !Number.isNaN(value) && value !== Infinity && value !== -Infinity, value);
      return [...sign, ...this.#dressed(parts)];
    }

    #sign(isNegative, isZero, value) {
      const minus = { type: 'minusSign', value: this.#table.minus };
      const plus = { type: 'plusSign', value: '+' };
      switch (this.#options.signDisplay) {
        case 'never':
          return [];
        case 'always':
          return [isNegative ? minus : plus];
        case 'exceptZero':
          return isZero || Number.isNaN(value) ? [] : [isNegative ? minus : plus];
        case 'negative':
          return isNegative && !isZero ? [minus] : [];
        default:
          return isNegative ? [minus] : [];
      }
    }

    // The parts of a number without its sign.
    #magnitude(value) {
      if (Number.isNaN(value)) {
        return [{ type: 'nan', value: this.#table.nan }];
      }
      if (value === Infinity || value === -Infinity) {
        return [{ type: 'infinity', value: '\u221e' }];
      }
      const decimal = decimalOf(String(value).replace(/^-/, ''));
      if (this.#options.style === 'percent' && decimal.digits !== '') {
        decimal.point += 2;
      }
      const [whole, fraction] = this.#texts(decimal);
      const parts = this.#grouped(whole);
      return fraction === ''
        ? parts
        : [...parts, { type: 'decimal', value: this.#table.decimal }, { type: 'fraction', value: fraction }];
    }

    // The digits before and after the point.
    #texts(decimal) {
      const { maximumFractionDigits, maximumSignificantDigits, minimumSignificantDigits } = this.#options;
      const isSignificant = maximumSignificantDigits !== undefined;
      const kept = isSignificant ? maximumSignificantDigits : decimal.point + maximumFractionDigits;
      const { digits, point } = rounded(decimal, kept);
      const padded = point > 0 ? digits.padEnd(point, '0') : '0'.repeat(-point) + digits;
      const whole = point > 0 ? padded.slice(0, point) : '';
      const fraction = (point > 0 ? padded.slice(point) : padded).replace(/0+$/, '');
      const least = isSignificant ? this.#significant(digits, point, minimumSignificantDigits) : this.#options.minimumFractionDigits;
      return [whole.padStart(this.#options.minimumIntegerDigits, '0'), fraction.padEnd(least, '0')];
    }

    // How many digits after the point make so many significant ones.
    #significant(digits, point, least) {
      return Math.max(0, digits === '' ? least - 1 : least - point);
    }

    #grouped(whole) {
      const { useGrouping } = this.#options;
      const shortest = useGrouping === 'min2' ? 5 : 4;
      if (useGrouping === false || whole.length < shortest) {
        return [{ type: 'integer', value: whole }];
      }
      const groups = whole.match(/\d{1,3}(?=(?:\d{3})*$)/g);
      const group = { type: 'group', value: this.#table.group };
      return groups.flatMap((value, place) => [...(place === 0 ? [] : [group]), { type: 'integer', value }]);
    }

    // With the sign of the percent or the currency.
    #dressed(parts) {
      const { style, currency, currencyDisplay } = this.#options;
      if (style === 'percent') {
        const space = this.#table.percent.slice(0, -1);
        const literal = space === '' ? [] : [{ type: 'literal', value: space }];
        return [...parts, ...literal, { type: 'percentSign', value: '%' }];
      }
      if (style !== 'currency') {
        return parts;
      }
      const { symbols, narrowSymbols, isSymbolFirst } = this.#table;
      const tables = { symbol: symbols, narrowSymbol: narrowSymbols, code: {} };
      const symbol = { type: 'currency', value: tables[currencyDisplay][currency] ?? currency };
      const space = { type: 'literal', value: '\u00a0' };
      if (!isSymbolFirst) {
        return [...parts, space, symbol];
      }
      // A symbol that ends in a letter keeps away from the digits.
      const isApart = /[\p{L}\p{M}.\u200f]$/u.test(symbol.value) && parts[0].type === 'integer';
      return isApart ? [symbol, space, ...parts] : [symbol, ...parts];
    }
  }

  // Also without `new`.
  const callable = new Proxy(NumberFormat, { apply: (target, _, args) => new target(...args) });
  NumberFormat.prototype.constructor = callable;
  return { NumberFormat: callable };
};
