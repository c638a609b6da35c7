/** A worker gets to know every handler by what the posts export. */

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';

import { HandlerRegistry } from '@tasker-systems/tasker';

import { registerAll } from '../register.js';
import { TYPESCRIPT } from './subject.js';

test('every file of a handler is registered', () => {
  const files = readdirSync(TYPESCRIPT, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.startsWith('post_') && file.endsWith('_handler.ts'),
  );
  const steps = registerAll(new HandlerRegistry()).map((name) => name.split('/')[1]);
  assert.deepEqual(steps.sort(), files.map((file) => basename(file, '_handler.ts')).sort());
});
