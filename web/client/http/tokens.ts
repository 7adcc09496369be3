import { parseJson } from './parseJson.ts';

/** The part of the browser's storage this needs. */
export interface KeyValue {
  readonly getItem: (key: string) => string | null;
  readonly setItem: (key: string, value: string) => void;
  readonly removeItem: (key: string) => void;
}

/** What is stored under a name. Storage that refuses, as in some private windows, is storage that is empty. */
export function readStored(storage: KeyValue, key: string): unknown {
  try {
    return parseJson(storage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/** Stores something under a name, or deletes it with `null`, where the storage lets it. */
export function writeStored(storage: KeyValue, key: string, value: unknown): void {
  try {
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, JSON.stringify(value));
  } catch {
    // What cannot be stored is asked for again after the next load.
  }
}

const tokenKey = 'curfew.token';

/** The bearer token all tabs of this browser share. It is read at every use, for another tab may have replaced it. */
export interface TokenStore {
  readonly read: () => string | null;
  readonly write: (token: string) => void;
  /** Replaces one token by its successor, unless another tab was faster. */
  readonly replace: (old: string | null, token: string) => void;
  readonly delete: () => void;
}

/** Keeps the token in shared storage. Anything that runs in the page can read it: cookie mode does not have this. */
export function createTokenStore(local: KeyValue): TokenStore {
  const read = () => {
    const token = readStored(local, tokenKey);
    return typeof token === 'string' ? token : null;
  };
  return {
    read,
    write: (token) => writeStored(local, tokenKey, token),
    replace: (old, token) => {
      if (read() === old) writeStored(local, tokenKey, token);
    },
    delete: () => writeStored(local, tokenKey, null),
  };
}
