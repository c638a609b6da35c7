// Operators as Node has them, where those of QuickJS differ. Modules are led here when their types are removed.

const { Object, Symbol } = globalThis;
const power = globalThis[Symbol.for('parity.doors')].math.pow;

// Gives what is caught the words of V8.
export const { caught } = globalThis[Symbol.for('parity.doors')];

// A number or a BigInt.
const numeric = (value) => (typeof value === 'number' || typeof value === 'bigint' ? value : -(-value));

// `**`.
export function pow(base, exponent) {
  const left = numeric(base);
  const right = numeric(exponent);
  return typeof left === 'number' && typeof right === 'number' ? power(left, right) : left ** right;
}

// What `...` spreads in an object.
export function spread(value) {
  return typeof value === 'string' ? Object(value) : value;
}
