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
