// Lets Node load TypeScript: types are taken off by the compiler that also checks them, `./field.js` stands for `./field.ts`,
// and Tasker's package is the small one of the harness. Every tree of handlers is loaded as modules, whatever package it is in.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const PACKAGE = '@tasker-systems/tasker';
const TASKER = new URL('../../../harness/engine-typescript/runtime/quickjs/tasker.ts', import.meta.url).href;

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
  const { default: typescript } = await import('typescript');
  const file = fileURLToPath(url);
  const { module, target } = { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2022 };
  const { outputText, diagnostics } = typescript.transpileModule(await readFile(file, 'utf8'), {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: { module, target, verbatimModuleSyntax: true, inlineSourceMap: true },
  });
  for (const { messageText } of diagnostics) {
    throw new SyntaxError(`${file}: ${typescript.flattenDiagnosticMessageText(messageText, '\n')}`);
  }
  return { format: 'module', source: outputText, shortCircuit: true };
}
