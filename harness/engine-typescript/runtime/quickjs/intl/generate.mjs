// Asks Node how numbers and dates are written in the locales that handlers use, and writes the answers to `../host/intl_data.js`,
// from which the embedded engine answers the same. `--check` writes nothing and fails when the file is stale.
//
//   node harness/engine-typescript/runtime/quickjs/intl/generate.mjs [--check]

import { readFileSync, writeFileSync } from 'node:fs';

import { CYCLES, DATES, LOCALES, STYLES, TIMES, WEEKDAYS, ZONE } from './space.mjs';

const FILE = new URL('../host/intl_data.js', import.meta.url);
const NAMES = { short: 'MMM', long: 'MMMM', narrow: 'MMMMM' };
const DAYS = { short: 'EEE', long: 'EEEE', narrow: 'EEEEE' };

const moment = (month, day = 5, hour = 4) => Date.UTC(2026, month, day, hour, 7, 9);
const months = Array.from({ length: 12 }, (_, month) => moment(month));
const days = Array.from({ length: 7 }, (_, day) => moment(2, 1 + day));

function format(locale, options) {
  return new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options });
}

function part(formatter, type, time) {
  return formatter.formatToParts(time).find((found) => found.type === type)?.value;
}

// The names of months and days: within a date, and alone.
function names(locale) {
  const table = {};
  for (const [width, letters] of Object.entries(NAMES)) {
    const within = format(locale, { day: 'numeric', month: width });
    const alone = format(locale, { month: width });
    table[letters] = months.map((time) => part(within, 'month', time));
    table[letters.replaceAll('M', 'L')] = months.map((time) => part(alone, 'month', time));
  }
  for (const [width, letters] of Object.entries(DAYS)) {
    const within = format(locale, { day: 'numeric', month: 'long', weekday: width });
    const alone = format(locale, { weekday: width });
    table[letters] = days.map((time) => part(within, 'weekday', time));
    table[letters.replaceAll('E', 'c')] = days.map((time) => part(alone, 'weekday', time));
  }
  const hours = format(locale, { hour: 'numeric', hourCycle: 'h12' });
  table.a = [4, 16].map((hour) => part(hours, 'dayPeriod', moment(2, 5, hour)));
  table.z = [part(format(locale, { timeZoneName: 'short' }), 'timeZoneName', moment(0))];
  table.zzzz = [part(format(locale, { timeZoneName: 'long' }), 'timeZoneName', moment(0))];
  return table;
}

// The letters that stand for a part, with the table in which its names are.
function letters(formatter, table, { type, value }, cycle) {
  const isTable = (candidates, times, which) =>
    candidates.find((name) => times.every((time, place) => part(formatter, which, time) === table[name][place]));
  switch (type) {
    case 'literal':
      return `'${value}'`;
    case 'weekday':
      return isTable(['EEE', 'EEEE', 'EEEEE', 'ccc', 'cccc', 'ccccc'], days, 'weekday');
    case 'year':
      return value === '2026' ? 'y' : 'yy';
    case 'month':
      return /^\d+$/.test(value) ? 'M'.repeat(value.length) : isTable(Object.keys(table).filter((name) => /^[ML]{3,5}$/.test(name)), months, 'month');
    case 'day':
      return 'd'.repeat(value.length);
    case 'hour':
      return cycle.repeat(value.length);
    case 'minute':
      return 'm'.repeat(value.length);
    case 'second':
      return 's'.repeat(value.length);
    case 'dayPeriod':
      return 'a';
    case 'timeZoneName':
      return value === table.z[0] ? 'z' : 'zzzz';
    default:
      throw new Error(`a part that nobody knows: ${type}`);
  }
}

// How hours are counted.
function cycleOf(formatter) {
  const [midnight, noon] = [0, 12].map((hour) => Number(part(formatter, 'hour', moment(2, 5, hour)) ?? 'NaN'));
  return midnight === 24 ? 'k' : midnight === 12 ? 'h' : noon === 12 ? 'H' : 'K';
}

function pattern(locale, table, options) {
  const formatter = format(locale, options);
  const cycle = cycleOf(formatter);
  const texts = formatter.formatToParts(moment(2)).map((found) => letters(formatter, table, found, cycle));
  if (texts.includes(undefined)) {
    throw new Error(`${locale}: no pattern for ${JSON.stringify(options)}`);
  }
  return texts.join('');
}

// Each pattern once, and which of them each combination has.
function indexed(patterns) {
  const distinct = [...new Set(patterns)];
  return { patterns: distinct, index: patterns.map((text) => distinct.indexOf(text)) };
}

// What stands between date and time, by the widths of weekday and month.
function glue(locale, date) {
  const formatter = format(locale, { ...date, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const parts = formatter.formatToParts(moment(2));
  return parts[parts.findIndex(({ type }) => type === 'hour') - 1]?.value ?? '';
}

function numbers(locale) {
  const of = (options) => new Intl.NumberFormat(locale, options);
  const value = (options, type) => of(options).formatToParts(-12345.5).find((found) => found.type === type).value;
  const currency = { style: 'currency', currency: 'USD' };
  const parts = of({ style: 'currency', currency: 'USD', signDisplay: 'never' }).formatToParts(1);
  const symbols = (currencyDisplay) =>
    Object.fromEntries(
      Intl.supportedValuesOf('currency')
        .map((code) => [code, value({ ...currency, currency: code, currencyDisplay }, 'currency')])
        .filter(([code, symbol]) => code !== symbol),
    );
  const percent = of({ style: 'percent' }).formatToParts(1).map((found) => found.value);
  return {
    decimal: value({}, 'decimal'),
    group: value({}, 'group'),
    minus: value({}, 'minusSign'),
    nan: of().format(Number.NaN),
    percent: percent.slice(1).join(''),
    isSymbolFirst: parts[0].type === 'currency',
    symbols: symbols('symbol'),
    narrowSymbols: symbols('narrowSymbol'),
  };
}

function locale(name) {
  const table = names(name);
  const dates = indexed(DATES.map((options) => pattern(name, table, options)));
  const times = indexed(TIMES.flatMap((options) => CYCLES.map((cycle) => pattern(name, table, { ...options, ...cycle }))));
  const glues = indexed(DATES.map((options) => glue(name, options)));
  const styles = indexed(STYLES.map((options) => pattern(name, table, options)));
  const weekdays = indexed(WEEKDAYS.map((options) => pattern(name, table, options)));
  return { names: table, dates, times, weekdays, glues, styles, numbers: numbers(name) };
}

function digits() {
  const count = (code) => new Intl.NumberFormat('en-US', { style: 'currency', currency: code }).resolvedOptions().maximumFractionDigits;
  const all = Intl.supportedValuesOf('currency').map((code) => [code, count(code)]);
  return Object.fromEntries(all.filter(([, found]) => found !== 2));
}

// The characters of ASCII in the order of the root collation: each list holds what differs in nothing but its case.
function order() {
  const characters = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
  const heavy = characters.filter((letter) => letter.localeCompare('', 'en') !== 0);
  const { compare } = new Intl.Collator('en', { sensitivity: 'base' });
  const groups = [];
  for (const letter of heavy.sort((a, b) => a.localeCompare(b, 'en'))) {
    if (groups.length > 0 && compare(groups.at(-1)[0], letter) === 0) {
      groups.at(-1).push(letter);
    } else {
      groups.push([letter]);
    }
  }
  return groups.map((group) => group.join(''));
}

// The marks above and below letters, in the order of their weight.
function marks() {
  const candidates = Array.from({ length: 0x70 }, (_, place) => String.fromCharCode(0x300 + place));
  const letters = Array.from({ length: 0x180 - 0xc0 }, (_, place) => String.fromCharCode(0xc0 + place).normalize('NFD'));
  const used = candidates.filter((mark) => letters.some((letter) => letter.length === 2 && letter[1] === mark));
  return used.sort((a, b) => `a${a}`.localeCompare(`a${b}`, 'en')).join('');
}

const data = {
  locales: Object.fromEntries(LOCALES.map((name) => [name, locale(name)])),
  digits: digits(),
  currencies: Intl.supportedValuesOf('currency').join(' '),
  order: order(),
  marks: marks(),
};
const head = '// Generated by `node harness/engine-typescript/runtime/quickjs/intl/generate.mjs`; do not edit.\n';
const ascii = (text) => text.replaceAll(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
const lines = Object.entries(data.locales).map(([name, table]) => {
  const members = Object.entries(table).map(([key, value]) => `      ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `    ${JSON.stringify(name)}: {\n${members.join(',\n')}\n    }`;
});
const rest = Object.entries(data).filter(([key]) => key !== 'locales');
const text = ascii(
  `${head}() => ({\n  locales: {\n${lines.join(',\n')}\n  },\n${rest.map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`).join(',\n')}\n})\n`,
);
if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') !== text) {
    console.error('host/intl_data.js is stale: run node harness/engine-typescript/runtime/quickjs/intl/generate.mjs, and the tests of Intl');
    process.exit(1);
  }
} else {
  writeFileSync(FILE, text);
}
