// `node:perf_hooks`, as far as handlers use it. The clock stands still.

const { shelf } = globalThis[Symbol.for('parity.doors')];

export const { performance } = globalThis;
export default shelf('perf_hooks', { performance });
