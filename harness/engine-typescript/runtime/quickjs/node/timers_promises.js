// `node:timers/promises`. Timers run in virtual time.

const later = globalThis.setTimeout;

export const setTimeout = (delay, value) => new Promise((done) => later(done, delay, value));
export const setImmediate = (value) => setTimeout(0, value);
export default { setTimeout, setImmediate };
