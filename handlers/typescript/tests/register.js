// `node --import ./tests/register.js FILE.ts`
import { register } from 'node:module';

register('./loader.js', import.meta.url);
