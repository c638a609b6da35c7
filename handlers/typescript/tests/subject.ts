/** The handlers of one tree, in a process of their own that is started again after one of them has broken it. */

import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { type JsonObject, toDoubles } from './json_values.js';
import type { StepInput } from './vectors.js';
import type { Greeting } from './worker.js';

/** Our own tree. */
export const TYPESCRIPT = fileURLToPath(new URL('..', import.meta.url));

/** How many milliseconds a tree may take to load, and a call. */
export interface Deadlines {
  load: number;
  call: number;
}

const DEADLINES: Deadlines = { load: 30_000, call: 10_000 };

const REGISTER = new URL('./register.js', import.meta.url).href;
const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));
const MEGABYTES = 512;

/** A tree whose handlers can not be loaded. */
export class TreeError extends Error {}

/** A message of the worker, or the end that kept it from sending one. */
type Reply = { message: unknown } | { status: 'timed_out' | 'exited' };

/** Calls handlers. */
export class Subject {
  readonly tree: string;
  readonly handlers: readonly string[] = [];
  readonly #deadlines: Deadlines;
  #worker: ChildProcess | null = null;

  private constructor(tree: string, deadlines: Deadlines) {
    this.tree = tree;
    this.#deadlines = deadlines;
  }

  /** Loads the files `*_handler.ts` in `tree` and below it. */
  static async start(tree: string, deadlines: Partial<Deadlines> = {}): Promise<Subject> {
    if (!existsSync(tree) || !statSync(tree).isDirectory()) {
      throw new TreeError(`${tree} is no directory`);
    }
    const subject = new Subject(realpathSync(tree), { ...DEADLINES, ...deadlines });
    const { handlers } = await subject.#start();
    return Object.assign(subject, { handlers });
  }

  async #start(): Promise<{ worker: ChildProcess; handlers: string[] }> {
    const worker = fork(WORKER, [this.tree], {
      execArgv: ['--import', REGISTER, `--max-old-space-size=${String(MEGABYTES)}`],
      serialization: 'advanced', // a minus zero survives
    });
    this.#worker = worker;
    const reply = await answer(worker, this.#deadlines.load);
    const greeting = 'message' in reply ? (reply.message as Greeting) : { error: problem(this.tree, reply.status) };
    if ('error' in greeting || greeting.handlers.length === 0) {
      await this.close();
      throw new TreeError('error' in greeting ? greeting.error : `${this.tree} has no file *_handler.ts`);
    }
    return { worker, handlers: greeting.handlers };
  }

  /** What a handler of the tree does with a step input. */
  async call(stepInput: StepInput): Promise<JsonObject> {
    const worker = this.#worker ?? (await this.#start()).worker;
    worker.send(toDoubles(stepInput as unknown as JsonObject) as object);
    const reply = await answer(worker, this.#deadlines.call);
    if ('message' in reply) {
      return reply.message as JsonObject;
    }
    await this.close(0);
    return reply;
  }

  /** Ends the process, which has so many milliseconds to do so itself. */
  async close(patience = 1000): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    if (worker !== null && worker.exitCode === null && worker.signalCode === null) {
      const ended = new Promise((resolve) => worker.once('exit', resolve));
      worker.disconnect();
      const kill = setTimeout(() => worker.kill('SIGKILL'), patience);
      await ended;
      clearTimeout(kill);
    }
  }
}

function answer(worker: ChildProcess, deadline: number): Promise<Reply> {
  return new Promise((resolve) => {
    const end = (reply: Reply): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('exit', onExit).off('error', onExit);
      resolve(reply);
    };
    const onMessage = (message: unknown): void => {
      end({ message });
    };
    const onExit = (): void => {
      end({ status: 'exited' });
    };
    const timer = setTimeout(() => {
      end({ status: 'timed_out' });
    }, deadline);
    worker.on('message', onMessage).on('exit', onExit).on('error', onExit);
  });
}

function problem(tree: string, status: 'timed_out' | 'exited'): string {
  return status === 'timed_out' ? `${tree} does not load in time` : `${tree} ends its process while it is loaded`;
}
