/** The handlers of a worker. */

import type { StepHandler, StepHandlerClass } from './handler.js';

/** The handlers of a worker, by name. */
export class HandlerRegistry {
  static #instance: HandlerRegistry | null = null;
  readonly #handlers = new Map<string, StepHandlerClass>();

  /** The worker's registry. */
  static instance(): HandlerRegistry {
    HandlerRegistry.#instance ??= new HandlerRegistry();
    return HandlerRegistry.#instance;
  }

  /** Puts a handler under a name. */
  register(name: string, handlerClass: StepHandlerClass): void {
    this.#handlers.set(name, handlerClass);
  }

  /** Takes a handler away; says whether there was one. */
  unregister(name: string): boolean {
    return this.#handlers.delete(name);
  }

  /** An instance of the handler of this name. */
  resolve(name: string): StepHandler | null {
    const handlerClass = this.#handlers.get(name);
    return handlerClass === undefined ? null : new handlerClass();
  }

  getHandlerClass(name: string): StepHandlerClass | undefined {
    return this.#handlers.get(name);
  }

  isRegistered(name: string): boolean {
    return this.#handlers.has(name);
  }

  listHandlers(): string[] {
    return [...this.#handlers.keys()];
  }

  handlerCount(): number {
    return this.#handlers.size;
  }

  clear(): void {
    this.#handlers.clear();
  }

  /** The handlers by name. */
  handlers(): ReadonlyMap<string, StepHandlerClass> {
    return this.#handlers;
  }
}
