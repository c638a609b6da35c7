#!/usr/bin/env node
// Runs the program `parity` of the package for this machine, which npm has installed beside this one.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';

const machine = `${process.platform}-${process.arch}`;
const packageName = `parity-harness-${machine}`;

function program() {
  try {
    return createRequire(import.meta.url).resolve(`${packageName}/bin/parity`);
  } catch {
    console.error(
      `parity: the package ${packageName} is not installed. Either npm was told to leave out optional dependencies, or ` +
        `there is no parity for ${machine} yet: cargo install builds one.`,
    );
    process.exit(3);
  }
}

// The signals that end a program reach the one that makes the report; this one ends as that does.
const child = spawn(program(), process.argv.slice(2), { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    // A terminal sends Ctrl-C to both.
    if (signal === 'SIGTERM') child.kill(signal);
  });
}
child.on('error', (error) => {
  console.error(`parity: ${error.message}`);
  process.exit(3);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
