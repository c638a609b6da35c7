/** What all handlers share. */

export { isEmail } from './email.js';
export { failureOf, invalidInput } from './failure.js';
export { Field } from './field.js';
export { Model, requireObjects } from './model.js';
export { floatText, fmt2, isSafe, numberText, round2, round4, sum, sumFloats, sumText, textToFloat } from './number.js';
export { randomHex } from './random.js';
export { calendarDate, daysLater, longDate, parseTime, utcStamp } from './time.js';
