import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import type { Hono } from 'hono';
import type { Instant, Policy } from '../../../machines/index.ts';

/** The ports of the first build, by their names: `log`, `accounts`, `vault`, `drafts` and others. */
export type FirstParts = Readonly<Record<string, any>>;

/** Which database a node of the first build is on. */
export type FirstDatabase =
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly address: string };

export interface FirstOptions {
  readonly database: FirstDatabase;
  readonly secret: string;
  /** What is different from the preset `standard`. */
  readonly policy?: Partial<Policy>;
  readonly clock: () => Instant;
  readonly wake: (at: Instant, call: () => void) => () => void;
  readonly write: (line: object) => void;
  readonly cost?: { readonly memory: number; readonly passes: number; readonly parallelism: number };
  readonly origin?: string;
  /** The folder of the pages. */
  readonly root?: string;
  /** Puts something before the ports that `routes` and `sweep` use. */
  readonly hold?: (parts: FirstParts) => FirstParts;
}

/** A server of the first build. */
export interface FirstNode {
  readonly parts: FirstParts;
  /** The reference application with its pages. */
  readonly application: Hono;
  /** The routes of Curfew alone. */
  readonly routes: Hono;
  readonly sweep: () => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** What was packed of the first build's server; see `pack.ts`. */
export interface FirstHouse {
  /** @throws with one line that says why a database cannot be used. */
  readonly openNode: (options: FirstOptions) => Promise<FirstNode>;
  /** Serves the pages in a folder, with the headers they had. */
  readonly pages: (root: string) => Hono;
}

const unpacked = (name: string): string =>
  brotliDecompressSync(readFileSync(new URL(name, import.meta.url))).toString('utf8');

/** A folder whose files Node loads as they are, for a test runner changes what is not in a folder of this name. */
function scratch(): string {
  const made = mkdtempSync(join(tmpdir(), 'curfew-first-'));
  process.on('exit', () => rmSync(made, { recursive: true, force: true }));
  const folder = join(made, 'node_modules');
  mkdirSync(folder);
  return folder;
}

let house: Promise<FirstHouse> | undefined;

async function load(): Promise<FirstHouse> {
  const path = join(scratch(), 'server.mjs');
  writeFileSync(path, unpacked('server.mjs.br'));
  return (await import(pathToFileURL(path).href)) as FirstHouse;
}

/** The first build's server. */
export const firstHouse = (): Promise<FirstHouse> => (house ??= load());

/** @returns a new folder with the pages of the first build's application. */
export function firstPages(): string {
  const root = scratch();
  for (const [path, content] of Object.entries(JSON.parse(unpacked('application.json.br')) as Record<string, string>)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}
