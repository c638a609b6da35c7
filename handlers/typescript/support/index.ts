/** What all handlers share. */

export { isEmail } from './email.js';
export { Field } from './field.js';
export { floatText, fmt2, isSafe, numberText, round2, round4, sum, sumFloats, sumText, textToFloat } from './number.js';
export { CheckedHandler, invalidInput, permanent, retryable } from './outcome.js';
export { randomHex } from './random.js';
export { calendarDate, daysLater, longDate, parseTime, utcStamp } from './time.js';
