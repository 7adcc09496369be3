import type { Instant } from '../../machines/index.ts';
import type { ObjectStorage } from './database.ts';

/** What is used of the end of a WebSocket that an object holds; it outlives the object in memory. */
export interface ObjectSocket {
  /** 1 while messages can be sent. */
  readonly readyState: number;
  send(message: string): void;
  close(code?: number, reason?: string): void;
  serializeAttachment(value: unknown): void;
  deserializeAttachment(): unknown;
}

/** What is used of the end of a WebSocket that a worker holds. */
export interface WorkerSocket {
  accept(): void;
  send(message: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void;
  addEventListener(type: 'error', listener: () => void): void;
}

/** What is used of the state of a Durable Object. */
export interface ObjectState {
  readonly id: { toString(): string };
  acceptWebSocket(socket: ObjectSocket, tags?: string[]): void;
  getWebSockets(tag?: string): ObjectSocket[];
  getTags(socket: ObjectSocket): string[];
  getWebSocketAutoResponse(): object | null;
  setWebSocketAutoResponse(pair: object): void;
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
