/** What a request may say about the user: whether they did something, or the application did it by itself. */
export type Declared = 'user' | 'background';

/** What `fetch` takes, and what the request says about the user; by default what was really seen. */
export type RequestOptions = RequestInit & { readonly activity?: Declared };

/** `fetch` for the application's own routes: authenticated, declared, and with its time-outs understood. */
export type SessionFetch = (input: RequestInfo | URL, init?: RequestOptions) => Promise<Response>;

/** What a request declares, and what is noted once it has arrived. */
export interface Declaration {
  /** The `Session-Activity` header. */
  readonly header: string;
  readonly arrived: () => void;
}

/** What the next request is to declare; `background` when nothing happened since the last one that did. */
export type DeclareActivity = (asked?: Declared) => Declaration;
