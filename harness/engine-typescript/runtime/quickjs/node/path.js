// `node:path`, for the paths of POSIX. A handler's directory is the root.

const { coded, received, shelf } = globalThis[Symbol.for('parity.doors')];

function check(path, name = 'path') {
  if (typeof path !== 'string') {
    const message = `The "${name}" argument must be of type string. ${received(path)}`;
    throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', message);
  }
  return path;
}

export const sep = '/';
export const delimiter = ':';

export function normalize(path) {
  const isRooted = check(path).startsWith('/');
  const parts = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') {
      parts.pop();
    } else if (part !== '' && part !== '.' && !(part === '..' && isRooted)) {
      parts.push(part);
    }
  }
  const plain = parts.join('/');
  if (plain === '') {
    return isRooted ? '/' : path.endsWith('/') && path !== '' ? './' : '.';
  }
  return `${isRooted ? '/' : ''}${plain}${path.endsWith('/') ? '/' : ''}`;
}

export const isAbsolute = (path) => check(path).startsWith('/');
export const join = (...parts) => normalize(parts.filter((part) => check(part) !== '').join('/'));

export function resolve(...parts) {
  const start = parts.findLastIndex(isAbsolute);
  const path = normalize(`/${parts.slice(Math.max(start, 0)).join('/')}`);
  return path === '/' ? path : path.replace(/\/$/, '');
}

export function basename(path, ending = '') {
  const name = check(path).replace(/\/+$/, '').split('/').at(-1);
  return name !== ending && name.endsWith(ending) ? name.slice(0, name.length - ending.length) : name;
}

export function dirname(path) {
  const plain = check(path).replace(/(?<=.)\/+$/, '');
  const end = plain.lastIndexOf('/');
  return end < 0 ? '.' : end === 0 ? '/' : plain.slice(0, end).replace(/(?<=.)\/+$/, '');
}

export function extname(path) {
  const name = basename(path);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot);
}

export function relative(from, to) {
  const [start, end] = [resolve(from), resolve(to)].map((path) => path.split('/').filter((part) => part !== ''));
  const shared = start.findIndex((part, place) => part !== end[place]);
  const common = shared < 0 ? start.length : shared;
  return [...start.slice(common).map(() => '..'), ...end.slice(common)].join('/');
}

export function parse(path) {
  const base = basename(path);
  const ext = extname(base);
  const root = isAbsolute(path) ? '/' : '';
  const dir = path.includes('/') ? dirname(path) : '';
  return { root, dir, base, ext, name: ext === '' ? base : base.slice(0, base.length - ext.length) };
}

export function format({ root = '', dir = root, name = '', ext = '', base = `${name}${ext}` }) {
  return dir === '' ? base : dir === root ? `${dir}${base}` : `${dir}/${base}`;
}

const path = { basename, delimiter, dirname, extname, format, isAbsolute, join, normalize, parse, relative, resolve, sep };
path.posix = path;
export const posix = path;
export default shelf('path', path);
