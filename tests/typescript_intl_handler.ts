// Writes numbers, dates and orders in one locale, in very many ways: `tests/typescript_intl_test.rs` holds the embedded engine
// against Node with it.

import { StepHandler, type StepContext } from '@tasker-systems/tasker';
import { CYCLES, DATES, LOCALES, STYLES, TIMES } from './space.mjs';

const NUMBERS = [
  0, -0, 1, -1, 12, 1234, -1234.5, 12345.678, 1e6, 1234567.891, 0.1, 0.005, 1.005, 2.675, 0.575, -0.4, -0.5, 99.995, 999.9995, 1e21,
  1.5e22, 123456789012345680000, 1e-7, 5e-324, 1.7976931348623157e308, Number.NaN, Infinity, -Infinity, 0.00001234, 4.35, 1e15 + 0.3,
];
const NUMBER_OPTIONS: Intl.NumberFormatOptions[] = [
  {}, { maximumFractionDigits: 0 }, { minimumFractionDigits: 2 }, { maximumFractionDigits: 2 }, { minimumIntegerDigits: 3 },
  { minimumFractionDigits: 2, maximumFractionDigits: 4 }, { maximumSignificantDigits: 3 }, { minimumSignificantDigits: 5 },
  { useGrouping: false }, { signDisplay: 'always' }, { signDisplay: 'exceptZero' }, { signDisplay: 'never' }, { style: 'percent' },
  { style: 'percent', maximumFractionDigits: 1 }, { style: 'currency', currency: 'usd', minimumFractionDigits: 0 },
  { style: 'currency', currency: 'JPY', minimumFractionDigits: 2 }, { minimumFractionDigits: 5, maximumFractionDigits: 2 },
  { maximumFractionDigits: 200 }, { style: 'currency' }, { style: 'currency', currency: 'US' }, { style: 'nope' as 'decimal' },
  ...['USD', 'EUR', 'GBP', 'JPY', 'CHF', 'CAD', 'KWD', 'INR', 'SEK'].flatMap((currency) =>
    (['symbol', 'narrowSymbol', 'code'] as const).map((currencyDisplay) => ({ style: 'currency' as const, currency, currencyDisplay })),
  ),
];
const MOMENTS = [
  0, Date.UTC(2026, 0, 15, 9, 30), Date.UTC(2026, 8, 5, 0, 7, 9, 45), Date.UTC(2026, 11, 31, 23, 59, 59, 999),
  Date.UTC(2024, 1, 29, 12), -1, new Date(0).setUTCFullYear(2), Date.UTC(9998, 5, 6), Number.NaN,
];
const DATE_OPTIONS: Intl.DateTimeFormatOptions[] = [
  {}, { timeZoneName: 'short' }, { timeZoneName: 'long' }, { hour: 'numeric', timeZoneName: 'short' },
  { month: 'long', day: 'numeric', timeZoneName: 'short' }, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
  { minute: 'numeric', second: 'numeric', fractionalSecondDigits: 1 }, { timeZone: 'Europe/Berlin' },
  { timeZone: 'America/New_York', dateStyle: 'short', timeStyle: 'short' }, { timeZone: 'Asia/Kolkata', hour: 'numeric', minute: 'numeric' },
  { timeZone: 'Nowhere/Land' }, { timeZone: 'GMT' }, { month: 'x' as 'long' }, { dateStyle: 'short', month: 'long' }, { timeStyle: 'short' },
  { weekday: 'short', hour: '2-digit' }, { dateStyle: 'full' },
];
const WORDS = 'abcABCzZ09 _-.,\'"éèêëÉñÑçÇüÜöÖäåÅßẞsS~!()@#'.split('');
const COLLATIONS: Intl.CollatorOptions[] = [
  {}, { sensitivity: 'base' }, { sensitivity: 'accent' }, { sensitivity: 'case' }, { numeric: true },
];

function attempt(value: () => unknown): string {
  try {
    return JSON.stringify(value());
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

function numbers(locale: string): string[] {
  return NUMBER_OPTIONS.flatMap((options) => [
    attempt(() => new Intl.NumberFormat(locale, options).resolvedOptions()),
    ...NUMBERS.map((number) => attempt(() => number.toLocaleString(locale, options))),
    attempt(() => Intl.NumberFormat(locale, options).formatToParts(-1234567.5)),
  ]);
}

function dates(locale: string): string[] {
  const texts: string[] = [];
  for (const [place, date] of DATES.entries()) {
    for (const [number, time] of TIMES.entries()) {
      const options = { ...date, ...time, ...CYCLES[(place + number) % CYCLES.length], timeZone: 'UTC' };
      const moment = MOMENTS[(place + number) % (MOMENTS.length - 1)];
      texts.push(attempt(() => new Intl.DateTimeFormat(locale, options).format(moment)));
    }
  }
  for (const options of STYLES) {
    texts.push(attempt(() => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).formatToParts(MOMENTS[1])));
  }
  for (const options of DATE_OPTIONS) {
    for (const moment of MOMENTS.map((time) => new Date(time))) {
      texts.push(attempt(() => moment.toLocaleString(locale, options)));
      texts.push(attempt(() => moment.toLocaleDateString(locale, options)));
      texts.push(attempt(() => moment.toLocaleTimeString(locale, options)));
    }
  }
  return texts;
}

function orders(locale: string): string[] {
  const word = () => Array.from({ length: Math.floor(Math.random() * 5) }, () => WORDS[Math.floor(Math.random() * WORDS.length)]).join('');
  return COLLATIONS.flatMap((options) =>
    Array.from({ length: 1500 }, (_, number) => {
      const first = word();
      const second = number % 3 === 0 ? first.toUpperCase() : word();
      return `${first}|${second}: ${attempt(() => first.localeCompare(second, locale, options))}`;
    }),
  );
}

export class Written extends StepHandler {
  static override handlerName = 'test/subject';

  override async call(context: StepContext) {
    const locale: string = LOCALES[context.getInput<number>('value') ?? 0];
    const others = [
      attempt(() => (1234.5).toLocaleString()),
      attempt(() => [1234.5, new Date(0), null, 'x'].toLocaleString(locale)),
      attempt(() => 12345678901234567890n.toLocaleString(locale)),
      attempt(() => (1).toLocaleString('x_y')),
      attempt(() => Intl.DateTimeFormat().resolvedOptions().timeZone),
      attempt(() => new Intl.Collator(locale).resolvedOptions()),
      attempt(() => 'Straße'.toLocaleUpperCase(locale)),
      attempt(() => [undefined, [], [locale, 'fr'], 'en', 'DE', 'en-us'].map((name) => new Intl.NumberFormat(name).resolvedOptions().locale)),
    ];
    return this.success({ texts: [...others, ...numbers(locale), ...dates(locale), ...orders(locale)] });
  }
}
