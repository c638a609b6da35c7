// `node:url`, as far as handlers use it.

const { shelf } = globalThis[Symbol.for('parity.doors')];

export const { URL, URLSearchParams } = globalThis;

export function fileURLToPath(url) {
  const { protocol, pathname } = new URL(url);
  if (protocol !== 'file:') {
    throw new TypeError('The URL must be of scheme file');
  }
  return decodeURIComponent(pathname);
}

export function pathToFileURL(path) {
  return new URL(`file://${path.split('/').map(encodeURIComponent).join('/')}`);
}

export default shelf('url', { URL, URLSearchParams, fileURLToPath, pathToFileURL });
