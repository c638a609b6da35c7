// `node build.mjs ROOT` makes the JavaScript of the handlers beside itself: handlers, what calls them, and Tasker's package.

import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import ts from 'typescript';

const root = process.argv[2];
const here = import.meta.dirname;
const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true };

function transpile(source, target) {
  const { outputText } = ts.transpileModule(readFileSync(join(root, source), 'utf8'), { compilerOptions });
  mkdirSync(dirname(join(here, target)), { recursive: true });
  writeFileSync(join(here, target), outputText);
}

const tree = 'handlers/typescript';
for (const file of readdirSync(join(root, tree), { recursive: true })) {
  if (file.endsWith('.ts') && !file.startsWith('node_modules')) {
    transpile(join(tree, file), join(tree, file).replace(/ts$/, 'js'));
  }
}
const typescript = 'harness/engine-typescript/runtime';
transpile(`${typescript}/quickjs/tasker.ts`, 'node_modules/@tasker-systems/tasker/index.js');
for (const file of readdirSync(join(root, typescript, 'quickjs/tasker'))) {
  const target = file.replace(/ts$/, 'js');
  transpile(`${typescript}/quickjs/tasker/${file}`, `node_modules/@tasker-systems/tasker/tasker/${target}`);
}
writeFileSync(join(here, 'node_modules/@tasker-systems/tasker/package.json'), '{"type": "module", "exports": "./index.js"}');
cpSync(join(root, typescript), join(here, typescript), { recursive: true });
