import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { BrowserContext, Page } from 'playwright-core';
import { folder } from '../../support/server/folder.ts';

/** A database of a browser: its stores, and what each holds by its key. Bytes are `{ bytes: base64 }`. */
export interface Dump {
  readonly local: Readonly<Record<string, string>>;
  readonly session: Readonly<Record<string, string>>;
  readonly databases: readonly {
    readonly name: string;
    readonly version: number;
    readonly stores: Readonly<Record<string, readonly (readonly [string, unknown])[]>>;
  }[];
}

/** What the first build has left in a browser in which somebody is signed in. */
export interface Profile extends Dump {
  readonly mode: 'cookie' | 'bearer';
  readonly username: string;
  readonly password: string;
  /** The page that was open. */
  readonly path: string;
  /** What was being written, and what another device had written meanwhile. */
  readonly drafts: readonly { readonly conversation: string; readonly text: string; readonly other: string | null }[];
  /** In bearer mode the credential is in `local`. */
  readonly cookie: string | null;
}

/** Runs in a page: everything that its origin keeps, as data. */
export async function dumped(): Promise<Dump> {
  const done = <Value>(request: IDBRequest<Value>) =>
    new Promise<Value>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error(String(request.error)));
    });
  const asData = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (_, each: unknown) =>
        each instanceof Uint8Array ? { bytes: btoa(String.fromCharCode(...each)) } : each,
      ),
    );
  const databases: Dump['databases'][number][] = [];
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    const stores: Record<string, [string, unknown][]> = {};
    for (const store of database.objectStoreNames) {
      const objects = database.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([
        done(objects.getAllKeys() as IDBRequest<string[]>),
        done(objects.getAll()),
      ]);
      stores[store] = keys.map((key, index) => [key, asData(values[index])]);
    }
    databases.push({ name, version: database.version, stores });
    database.close();
  }
  return { local: { ...localStorage }, session: { ...sessionStorage }, databases };
}

/** Runs in a page of an origin that keeps nothing yet: it keeps what was dumped. */
async function seed({ local, session, databases }: Dump): Promise<void> {
  for (const [key, value] of Object.entries(local)) localStorage.setItem(key, value);
  for (const [key, value] of Object.entries(session)) sessionStorage.setItem(key, value);
  const asStored = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, each: unknown) =>
      typeof each === 'object' && each !== null && 'bytes' in each
        ? Uint8Array.from(atob(String(each.bytes)), (character) => character.charCodeAt(0))
        : each,
    );
  for (const { name, version, stores } of databases) {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, version);
      request.onupgradeneeded = () => {
        for (const store of Object.keys(stores)) request.result.createObjectStore(store);
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error(String(request.error)));
    });
    const transaction = database.transaction(Object.keys(stores), 'readwrite');
    for (const [store, entries] of Object.entries(stores))
      for (const [key, value] of entries) transaction.objectStore(store).put(asStored(value), key);
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = () => reject(new Error(String(transaction.error)));
    });
    database.close();
  }
}

/** A tab of a browser that has what was recorded, on a page of its origin that is not the application. */
export async function restored(context: BrowserContext, url: string, profile: Profile): Promise<Page> {
  const { local, session, databases, cookie: value } = profile;
  const cookie = { name: '__Host-curfew', secure: true, httpOnly: true, sameSite: 'Lax' as const };
  if (value !== null) await context.addCookies([{ ...cookie, value, url: url.replace('http:', 'https:') }]);
  const page = await context.newPage();
  await page.goto(`${url}/healthz`);
  await page.evaluate(seed, { local, session, databases });
  return page;
}

/** What was recorded; see `record.ts`. */
export const recorded = (): { readonly secret: string; readonly profiles: readonly Profile[] } =>
  JSON.parse(readFileSync(new URL('profiles.json', import.meta.url), 'utf8'));

/** @returns the path of a copy of the database that was recorded with the profiles, which is gone after the test. */
export function recordedDatabase(): string {
  const path = join(folder(), 'curfew.db');
  writeFileSync(path, brotliDecompressSync(readFileSync(new URL('profiles.db.br', import.meta.url))));
  return path;
}
