// Lets Node load TypeScript: types are taken off by the compiler that also checks them, `./field.js` stands for `./field.ts`,
// and Tasker's package is the small one of the harness. Every tree of handlers is loaded as modules, whatever package it is in.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = '@tasker-systems/tasker';
const TASKER = new URL('../../../harness/engine-typescript/runtime/quickjs/tasker.ts', import.meta.url).href;
// The tests start many processes, and the compiler takes a second to load: what it has made of a file is kept.
const KEPT = new URL('../node_modules/.cache/transpiled/', import.meta.url);
const { version } = createRequire(import.meta.url)('typescript/package.json');

export async function resolve(specifier, context, nextResolve) {
  if (specifier === PACKAGE) {
    return { url: TASKER, format: 'module', shortCircuit: true };
  }
  if (/^\.{1,2}\/.*\.js$/.test(specifier)) {
    const source = new URL(specifier.replace(/js$/, 'ts'), context.parentURL);
    if (existsSync(source)) {
      return nextResolve(source.href, context);
    }
  }
  return nextResolve(specifier, context);
}

export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) {
    return nextLoad(url, context);
  }
  const file = fileURLToPath(url);
  const source = await readFile(file, 'utf8');
  const key = createHash('sha256').update(JSON.stringify([version, basename(file), source])).digest('hex');
  const kept = new URL(`${key}.js`, KEPT);
  try {
    return { format: 'module', source: await readFile(kept, 'utf8'), shortCircuit: true };
  } catch {
    const transpiled = await transpile(file, source);
    await keep(kept, transpiled);
    return { format: 'module', source: transpiled, shortCircuit: true };
  }
}

async function transpile(file, source) {
  const { default: typescript } = await import('typescript');
  const { module, target } = { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2022 };
  const { outputText, diagnostics } = typescript.transpileModule(source, {
    fileName: basename(file), // beside the module, so that a copy of a tree finds what is kept
    reportDiagnostics: true,
    compilerOptions: { module, target, verbatimModuleSyntax: true, inlineSourceMap: true },
  });
  for (const { messageText } of diagnostics) {
    throw new SyntaxError(`${file}: ${typescript.flattenDiagnosticMessageText(messageText, '\n')}`);
  }
  return outputText;
}

/** Other processes see a whole file or none. */
async function keep(kept, text) {
  const written = new URL(`${kept.href}.${process.pid}`);
  await mkdir(KEPT, { recursive: true });
  await writeFile(written, text);
  await rename(written, kept);
}
