/** How a credential travels. */
export type Carrier = 'cookie' | 'bearer';

/** How the route of an application answers: `c.json`, a `Response` of its own, or a stream. */
export type AnswerKind = 'json' | 'response' | 'stream';

/** One kind of request. */
export interface Scene {
  readonly method: 'GET' | 'POST';
  readonly answer: AnswerKind;
}

/** A server that listens. */
export interface Served {
  readonly port: number;
  /** Signs a user in. @returns what `Cookie` has to say, or the bearer token. */
  readonly signIn: (user: string, carrier: Carrier) => Promise<string>;
  /** How many times something was written to the store, since the start; left out where that is not known. */
  readonly writes?: () => number | Promise<number>;
  /** How long it took to open what there was, in ms. */
  readonly opening?: number;
  /** Lets the clock of the server go on, in ms. */
  readonly advance?: (ms: number) => void;
}

/** What a server is started with. */
export interface StartOptions {
  /** Which one of those that one file knows. */
  readonly variant: string;
  /** A folder of its own, that is deleted afterwards. */
  readonly folder: string;
}

/** Whether a limit is enforced on the server, and what there is to say. */
export interface Limits {
  /** After how long without use a session ends, whatever the client keeps. */
  readonly idle: string;
  /** How long after the sign-in a session ends, however much it is used. */
  readonly absolute: string;
  /** Whether a session that is ended on the server is refused from then on. */
  readonly revocable: string;
}

/** Something that can be measured. */
export interface Peer {
  /** As it is named on the command line. */
  readonly name: string;
  readonly title: string;
  /** The file in `peers/`. */
  readonly file: string;
  readonly variant?: string;
  readonly carriers: readonly Carrier[];
  readonly scenes: readonly Scene[];
  readonly limits: Limits;
  /** What the head of every answer has to have, in lower case. */
  readonly heads?: readonly string[];
  /** A command without which it is left out. */
  readonly needs?: string;
}
