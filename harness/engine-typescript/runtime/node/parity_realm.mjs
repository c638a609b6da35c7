// The modules of a tree for one handler, so that what it keeps in them reaches no other one: those of the tree, and those of the
// packages that it imports. Globals and prototypes are the process's, and Node's own modules are, too.

import { readFileSync } from 'node:fs';
import Module, { createRequire, isBuiltin } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SourceTextModule, SyntheticModule } from 'node:vm';

import { open, shut } from './parity_sandbox.mjs';

// Handlers do not find them any more, and neither would this.
const own = { createRequire, isBuiltin, readFileSync, SourceTextModule, SyntheticModule };
const { resolve } = import.meta;
const { keys } = Object;

// The CommonJS that was loaded while the tree was searched, by file: everything else is an ES module.
const commonJs = Module._cache;

// Node's own modules and what it alone can load, which all realms share.
const shared = new Map();

// What importers see of Node's modules is what the modules say now.
export function refresh() {
  for (const { module, namespace } of shared.values()) {
    keys(namespace).forEach((name) => module.setExport(name, namespace[name]));
  }
}

// A module that says what a namespace does.
async function sharedModule(url) {
  if (!shared.has(url)) {
    const namespace = await import(url);
    const module = new own.SyntheticModule(keys(namespace), () => undefined, { identifier: url });
    shared.set(url, { module, namespace });
    await module.link(() => undefined);
    await module.evaluate();
    keys(namespace).forEach((name) => module.setExport(name, namespace[name]));
  }
  return shared.get(url).module;
}

// What a CommonJS file exports. Its code runs here, and takes what leads out of the process.
function required(url, file) {
  const wasShut = open();
  try {
    return own.createRequire(url)(file);
  } finally {
    if (wasShut) {
      shut();
    }
  }
}

export class Realm {
  // Where the tree was searched.
  static first = { enter: () => (Module._cache = commonJs) };

  // `place` is the URL of the tree, all of which is ES modules.
  constructor(place) {
    this.place = place;
    this.modules = new Map();
    this.required = Object.create(null);
  }

  // What is required is this realm's.
  enter() {
    Module._cache = this.required;
  }

  // The namespace of the module at a URL.
  async import(url) {
    const module = await this.#module(url);
    await this.#finish(module);
    return module.namespace;
  }

  async #finish(module) {
    if (module.status === 'unlinked') {
      await module.link((specifier, { identifier }) => this.#module(specifier, identifier));
    }
    await module.evaluate();
  }

  // Each URL is one module, also for those who ask while it is made.
  #module(specifier, parent = this.place) {
    const url = own.isBuiltin(specifier) ? `node:${specifier.replace(/^node:/, '')}` : resolve(specifier, parent);
    if (!this.modules.has(url)) {
      this.modules.set(url, this.#make(url));
    }
    return this.modules.get(url);
  }

  async #make(url) {
    if (!url.startsWith('file:')) {
      return sharedModule(url);
    }
    const file = fileURLToPath(url);
    if (file in commonJs) {
      return this.#commonJs(url, file);
    }
    return /\.m?js$/.test(file) ? this.#source(url, file) : sharedModule(url);
  }

  #source(url, file) {
    return new own.SourceTextModule(own.readFileSync(file, 'utf8'), {
      identifier: url,
      initializeImportMeta: (meta) => Object.assign(meta, { dirname: dirname(file), filename: file, url }),
      importModuleDynamically: async (specifier, { identifier }) => {
        const module = await this.#module(specifier, identifier);
        await this.#finish(module);
        return module;
      },
    });
  }

  // Node knows already what it exports by name.
  async #commonJs(url, file) {
    const names = keys(await import(url));
    return new own.SyntheticModule(
      names,
      function evaluate() {
        const exports = required(url, file);
        const valueOf = (name) => (name === 'default' || name === 'module.exports' ? exports : exports[name]);
        names.forEach((name) => this.setExport(name, valueOf(name)));
      },
      { identifier: url },
    );
  }
}
