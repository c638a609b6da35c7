// The combinations of options for which a locale has a way of writing dates and times, in the order in which tables list them.

const either = (name, values) => [{}, ...values.map((value) => ({ [name]: value }))];
const product = (...lists) =>
  lists.reduce((all, list) => all.flatMap((left) => list.map((right) => ({ ...left, ...right }))), [{}]);

const NUMBER = ['numeric', '2-digit'];
const NAME = ['short', 'long', 'narrow'];

export const ZONE = 'UTC';
export const LOCALES = ['en-US', 'en-GB', 'de-DE', 'fr-FR'];

// With nothing asked for, a date is what a locale writes by default.
export const DATES = product(
  either('weekday', NAME),
  either('year', NUMBER),
  either('month', [...NUMBER, ...NAME]),
  either('day', NUMBER),
);
export const TIMES = product(
  either('hour', NUMBER),
  either('minute', NUMBER),
  either('second', NUMBER),
  either('timeZoneName', ['short', 'long']),
);
export const CYCLES = [
  {},
  { hour12: true },
  { hour12: false },
  { hourCycle: 'h11' },
  { hourCycle: 'h12' },
  { hourCycle: 'h23' },
  { hourCycle: 'h24' },
];

// A day of the week and a time have a way of their own to stand together.
export const WEEKDAYS = product(either('weekday', NAME).slice(1), TIMES, CYCLES);

const STYLE = ['full', 'long', 'medium', 'short'];
export const STYLES = product(either('dateStyle', STYLE), either('timeStyle', STYLE), CYCLES);
