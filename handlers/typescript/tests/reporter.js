// Says what failed, in full, and how many tests there were. A thousand lines of what passed help nobody.

import { inspect } from 'node:util';

export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type === 'test:fail') {
      const { cause, message } = data.details.error;
      yield `✖ ${data.name}\n${cause instanceof Error ? cause.stack : inspect(cause ?? message)}\n\n`;
    } else if (type === 'test:diagnostic') {
      yield `${data.message}\n`;
    }
  }
}
