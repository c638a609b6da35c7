/** Texts of times, in UTC. */

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const MILLISECONDS_PER_DAY = 86_400_000;

/** `YYYY-MM-DDTHH:MM:SSZ`, whole seconds. */
export function utcStamp(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** `YYYY-MM-DD`. */
export function calendarDate(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** English, with a two-digit day: `December 01, 2026`. */
export function longDate(time: Date): string {
  const [year = '', , day = ''] = calendarDate(time).split('-');
  return `${MONTHS[time.getUTCMonth()] ?? ''} ${day}, ${year}`;
}

/** The time `days` days of 24 hours later. */
export function daysLater(time: Date, days: number): Date {
  return new Date(time.getTime() + days * MILLISECONDS_PER_DAY);
}

const TIME =
  /^(?!0000)(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})(?:\.(\d+))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d)))?$/u;

const MILLISECONDS_PER_MINUTE = 60_000;

/**
 * The time that a text stands for, in milliseconds since 1970: a plain date `YYYY-MM-DD` is its midnight in UTC, and an RFC
 * 3339 timestamp `YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)` is cut to whole milliseconds. Nothing else is a time, and neither
 * are a leap second and the year 0.
 */
export function parseTime(text: string): number | undefined {
  const [, date, clock = '00:00:00', fraction = '', sign, hours = '0', minutes = '0'] = TIME.exec(text) ?? [];
  if (date === undefined) {
    return undefined;
  }
  const time = new Date(`${date}T${clock}.${`${fraction}000`.slice(0, 3)}Z`);
  // Some engines take the 30th of February for the 2nd of March, and 24:00 for the next day.
  if (Number.isNaN(time.getTime()) || calendarDate(time) !== date) {
    return undefined;
  }
  const offset = (Number(hours) * 60 + Number(minutes)) * MILLISECONDS_PER_MINUTE;
  return time.getTime() + (sign === '-' ? offset : -offset);
}
