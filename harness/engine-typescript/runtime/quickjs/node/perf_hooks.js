// `node:perf_hooks`, as far as handlers use it. The clock stands still.

export const { performance } = globalThis;
export default { performance };
