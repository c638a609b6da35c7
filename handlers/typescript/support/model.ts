/**
 * Models of what a step is given: typed views of a JSON object.
 *
 * A member is read when a step asks for it. So an input with several faults is refused for the one that the step comes
 * to first, which is the same one in every language.
 */

import { Field } from './field.js';

/** A class of models `M`. */
export interface ModelClass<M extends Model> {
  new (json: Field): M;
  /** Where the object is in a step's input, as a JSON Pointer. */
  readonly path: string;
}

/** An object in a step's input, or the lack of one. A model derived from this has a getter for each member. */
export abstract class Model {
  /** Where the object is in a step's input, as a JSON Pointer. */
  static readonly path: string = '';

  protected readonly json: Field;

  constructor(json: Field) {
    this.json = json;
  }

  /** Reads an object or null; anything else is refused. */
  static fromJson<M extends Model>(this: ModelClass<M>, value: unknown): M {
    return new this(Field.at(this.path, value).objectOrNil());
  }

  /** Reads an object, null or false; false is refused as soon as a member is looked for. */
  static fromOptional<M extends Model>(this: ModelClass<M>, value: unknown): M {
    return new this(Field.at(this.path, value).objectIfTruthy());
  }

  /** Takes any value; `requireObjects` refuses what is no object. */
  static fromAny<M extends Model>(this: ModelClass<M>, value: unknown): M {
    return new this(Field.at(this.path, value));
  }

  /** Whether there is an object: null and false are none. */
  get isGiven(): boolean {
    return this.json.isTruthy();
  }

  /** Whether there is an object: null is none, and false is refused. */
  get isObject(): boolean {
    return this.json.isObject();
  }

  /** Refuses what is no object, null included. */
  requireObject(): void {
    this.json.object();
  }

  /** How many members the object has. */
  get size(): number {
    return this.json.members().length;
  }

  /** Whether there is a member `name` that is neither null nor false. Zero and everything empty count. */
  has(name: string): boolean {
    return this.isObject && this.json.get(name).isTruthy();
  }

  /** Whether the member `name` says nothing; see `Field.isBlank`. */
  isBlank(name: string): boolean {
    return this.get(name).isBlank();
  }

  /** Whether the member `name` is a text with `part` somewhere in it. */
  contains(name: string, part: string): boolean {
    return this.get(name).contains(part);
  }

  /** The member `name`, for the getters of a model to read. */
  protected get(name: string): Field {
    return this.json.get(name);
  }
}

/** Refuses the first that is no object. */
export function requireObjects(...models: readonly Model[]): void {
  for (const model of models) {
    model.requireObject();
  }
}
