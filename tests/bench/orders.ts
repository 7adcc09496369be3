import type { Carrier } from './peer.ts';

/** What a server is told. */
export type ServerOrder =
  | { readonly type: 'signIn'; readonly users: readonly string[]; readonly carrier: Carrier }
  | { readonly type: 'begin' }
  | { readonly type: 'end' }
  | { readonly type: 'advance'; readonly ms: number };

/** What a server says. */
export interface ServerAnswer {
  readonly port?: number;
  /** How long it took to open what there was, in ms. */
  readonly opening?: number;
  readonly credentials?: readonly string[];
  /** The CPU time since the beginning, of the user and of the system, in µs. */
  readonly cpu?: number;
  /** The memory that is resident, in bytes. */
  readonly rss?: number;
  /** How many times something was written to the store, where that is known. */
  readonly writes?: number;
}

/** What the load is told: to get ready, or to begin what it is ready for. */
export type LoadOrder =
  | {
      readonly type: 'prepare';
      readonly port: number;
      readonly connections: number;
      /** Sent in turns. */
      readonly requests: readonly string[];
      /** The body of the answer to each of them; `null` for any. */
      readonly bodies: readonly (string | null)[];
      /** What the head of each answer has to have, in lower case. */
      readonly heads: readonly string[];
      /** For how long everything is warmed up, in ms, and by how many requests at least. */
      readonly warmUp: number;
      readonly least: number;
    }
  | { readonly type: 'go'; readonly ms: number };

/** What the load says: that it is ready, or what there was. */
export interface LoadAnswer {
  /** Answers, all of them as they have to be. */
  readonly count: number;
  /** How long an answer took, in ms. */
  readonly p50: number;
  readonly p99: number;
  /** The first answer that was not as it has to be. */
  readonly fault: string | null;
}
