// `node:process`: what a handler may know of its process.

const { process } = globalThis;

export default process;
export const { argv, arch, cwd, env, exit, hrtime, memoryUsage, nextTick, pid, platform, stderr, stdout } = process;
export const { uptime, version, versions } = process;
