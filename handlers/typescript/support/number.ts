/** Arithmetic and number texts that come out the same in every language. */

/** Whether every language keeps a number of this size: it lies within ±(2^53 - 1) (RFC 7493, section 2.2). */
export function isSafe(x: number): boolean {
  return Math.abs(x) <= Number.MAX_SAFE_INTEGER;
}

/**
 * The sum of numbers as they were read: exact while they are integers; from the first fraction on with Kahan-Babuska
 * compensation, so that 0.1 + 0.2 + 0.3 is 0.6. An integer sum beyond the safe integers is the nearest double.
 */
export function sum(numbers: readonly number[]): number {
  const firstFraction = numbers.findIndex((x) => !Number.isInteger(x));
  return firstFraction === -1
    ? sumIntegers(numbers)
    : compensatedSum(sumIntegers(numbers.slice(0, firstFraction)), numbers.slice(firstFraction));
}

/** The compensated sum of the results of earlier arithmetic, which count as fractions even where they are integral. */
export function sumFloats(floats: readonly number[]): number {
  return compensatedSum(0, floats);
}

/** The text of `sum(numbers)`: that of an integer as long as no fraction went into it. */
export function sumText(numbers: readonly number[]): string {
  const total = sum(numbers);
  return numbers.every(Number.isInteger) ? numberText(total) : floatText(total);
}

function sumIntegers(integers: readonly number[]): number {
  const magnitude = integers.reduce((total, integer) => total + Math.abs(integer), 0);
  return isSafe(magnitude)
    ? integers.reduce((total, integer) => total + integer, 0)
    : Number(integers.reduce((total, integer) => total + BigInt(integer), 0n));
}

function compensatedSum(start: number, floats: readonly number[]): number {
  let total = start;
  let compensation = 0;
  for (const x of floats) {
    const next = total + x;
    compensation += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
    total = next;
  }
  return total + compensation;
}

/** `x` to two decimals, half away from zero: 2.675 is 2.68, although its double lies below. */
export function round2(x: number): number {
  return roundScaled(x, 100);
}

/** `x` to four decimals, by the rule of `round2`. */
export function round4(x: number): number {
  return roundScaled(x, 10_000);
}

function roundScaled(x: number, scale: number): number {
  const rounded = roundHalfAwayFromZero(x * scale);
  return (rounded + lostUnit(x, rounded, scale)) / scale;
}

/** What is missing in `rounded`, when `x * scale` came out below the half that `x` stands for. */
function lostUnit(x: number, rounded: number, scale: number): number {
  if (x > 0 && (rounded + 0.5) / scale <= x) {
    return 1;
  }
  return x < 0 && (rounded - 0.5) / scale >= x ? -1 : 0;
}

/** `Math.round` differs: it takes halves up, -0.5 to -0. */
function roundHalfAwayFromZero(x: number): number {
  const whole = Math.trunc(x);
  return Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : whole;
}

/**
 * The shortest digits that read back as `x`, always with a decimal point (`3200.0`); in exponent form from 1e15 up
 * (`1.0e+15`) and below 1e-4 (`1.0e-05`).
 */
export function floatText(x: number): string {
  if (x === 0) {
    return Object.is(x, -0) ? '-0.0' : '0.0';
  }
  const magnitude = Math.abs(x);
  if (magnitude >= 1e-4 && magnitude < 1e15) {
    return Number.isInteger(x) ? `${String(x)}.0` : String(x);
  }
  const [mantissa = '', exponent = ''] = x.toExponential().split('e');
  const digits = exponent.slice(1).padStart(2, '0');
  return `${mantissa}${mantissa.includes('.') ? '' : '.0'}e${exponent.charAt(0)}${digits}`;
}

/**
 * `x` with exactly two decimals. A value within a few units in the last place of a tie counts as a tie and goes to the even
 * last digit: 10.505 is `10.50`. That holds for up to 14 digits.
 */
export function fmt2(x: number): string {
  const magnitude = Math.abs(x);
  const exponent = magnitude === 0 ? 0 : Math.floor(Math.log10(magnitude));
  const digits = exponent + 3;
  const hundredths = digits >= 1 && digits <= 14 ? decimalHundredths(magnitude, exponent) : exactHundredths(magnitude);
  const text = String(hundredths).padStart(3, '0');
  return `${x < 0 || Object.is(x, -0) ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`;
}

/** The hundredths of `x`, digit by digit. */
function decimalHundredths(x: number, exponent: number): bigint {
  let rest = exponent >= 0 ? x / 10 ** exponent : x * 10 ** -exponent;
  const tolerance = (2 * rest + 7) * Number.EPSILON * 10 ** (exponent + 2);
  let hundredths = 0;
  for (let remaining = exponent + 2; remaining >= 0; remaining -= 1) {
    const digit = Math.floor(rest);
    rest -= digit;
    hundredths = hundredths * 10 + digit;
    if (remaining > 0) {
      rest *= 10;
    }
  }
  const isUp = rest > 0.5 + tolerance || (rest >= 0.5 - tolerance && hundredths % 2 === 1);
  return BigInt(isUp ? hundredths + 1 : hundredths);
}

/** The hundredths of exactly `x`, a tie to the even one. */
function exactHundredths(x: number): bigint {
  if (x < 1) {
    return x >= 0.005 ? 1n : 0n;
  }
  // A double from 1 up has at most 52 binary places.
  const scaled = BigInt(Math.trunc(x)) * SCALE + BigInt((x % 1) * Number(SCALE));
  const [whole, rest] = [(scaled * 100n) / SCALE, (scaled * 100n) % SCALE];
  const isUp = rest * 2n > SCALE || (rest * 2n === SCALE && whole % 2n === 1n);
  return isUp ? whole + 1n : whole;
}

const SCALE = 2n ** 52n;

/** The text of a number as it was read: plain digits for a safe integer, `floatText` for any other. */
export function numberText(x: number): string {
  return Number.isSafeInteger(x) ? String(x) : floatText(x);
}

const NUMERIC_PREFIX =
  /^[\t\n\v\f\r ]*([+-]?(?:\d(?:_?\d)*(?:\.\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?)/u;

/**
 * The float that a text stands for: leading ASCII whitespace is skipped, then the longest prefix of the form
 * `[+-]digits[.digits][e[+-]digits]` counts, with single underscores between digits; no such prefix is 0.
 */
export function textToFloat(text: string): number {
  const prefix = NUMERIC_PREFIX.exec(text)?.[1] ?? '0';
  return Number(prefix.replaceAll('_', ''));
}
