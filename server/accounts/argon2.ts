import crypto from 'node:crypto';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import type { Worker as Thread } from 'node:worker_threads';

/** What one tag is derived from. */
export interface Argon2Parameters {
  /** The password. */
  readonly message: string;
  /** The salt. */
  readonly nonce: Uint8Array;
  /** In bytes. */
  readonly tagLength: number;
  /** In KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** Derives the tag of argon2id, away from the event loop. @see RFC 9106 */
export type Argon2id = (parameters: Argon2Parameters) => Promise<Uint8Array>;

/** What the thread answers. */
export type Argon2Answer = { readonly tag: Uint8Array } | { readonly error: string };

interface Waiting {
  readonly resolve: (tag: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** By hash-wasm, in one thread of its own, which answers in order and keeps no process alive that has no other work. */
function inThread(): Argon2id {
  const waiting: Waiting[] = [];
  let worker: Thread | null = null;

  function start(): Thread {
    // Not imported: a runtime that brings argon2 of its own may have no threads.
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    const started = new Worker(new URL(`./argon2Worker${import.meta.url.slice(-3)}`, import.meta.url));
    const answered = (answer: Argon2Answer) => {
      const next = waiting.shift();
      if ('tag' in answer) next?.resolve(answer.tag);
      else next?.reject(new Error(answer.error));
      if (waiting.length === 0) started.unref();
    };
    started.on('message', answered);
    started.on('error', (error) => {
      worker = null;
      for (const { reject } of waiting.splice(0)) reject(error instanceof Error ? error : new Error(String(error)));
    });
    return started;
  }

  return (parameters) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      worker ??= start();
      worker.ref();
      worker.postMessage(parameters);
    });
}

// Not imported by its name: a runtime that does not have it could not load this module, nor say what is missing.
const { argon2 } = crypto;

/**
 * @returns argon2id of the runtime where it has one, as Node and Bun have; else, as in Deno, that of the package
 *   hash-wasm, which the application installs
 * @throws Error in one line when there is neither
 */
export function argon2id(): Argon2id {
  if (typeof argon2 === 'function') {
    const derive = promisify(argon2);
    return (parameters) => derive('argon2id', parameters);
  }
  try {
    createRequire(import.meta.url).resolve('hash-wasm');
  } catch (cause) {
    throw new Error('this runtime has no argon2: install the package hash-wasm for it, or bring accounts of your own', {
      cause,
    });
  }
  return inThread();
}
