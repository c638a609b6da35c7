// `node:buffer`, as far as handlers use it.

export const { Buffer, atob, btoa } = globalThis;
export default { Buffer, atob, btoa };
