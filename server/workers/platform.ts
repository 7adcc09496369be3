import type { Instant } from '../../machines/index.ts';
import type { ObjectStorage } from './database.ts';

/** What is used of the state of a Durable Object. */
export interface ObjectState {
  readonly id: { toString(): string };
  readonly storage: ObjectStorage & {
    getAlarm(): Promise<Instant | null>;
    setAlarm(at: Instant): Promise<void>;
    deleteAlarm(): Promise<void>;
  };
}

/** The id of an object, in the namespace that has made it. */
export interface ObjectId {
  toString(): string;
}

/** What is used of a binding to objects of one class. */
export interface ObjectNamespace<Instance> {
  idFromName(name: string): ObjectId;
  /** @throws TypeError when it is the id of no object of this namespace */
  idFromString(id: string): ObjectId;
  get(id: ObjectId): Instance & { fetch(request: Request): Promise<Response> };
}
