import compiled from '@phi-ag/argon2/argon2.wasm';
import type { Argon2id } from '../accounts/argon2.ts';

/** What is used of the reference implementation. @see https://github.com/P-H-C/phc-winner-argon2/blob/master/include/argon2.h */
interface Reference {
  readonly memory: WebAssembly.Memory;
  readonly _initialize: () => void;
  readonly malloc: (length: number) => number;
  readonly free: (address: number) => void;
  readonly argon2_hash: (...parameters: readonly number[]) => number;
}

const functions = ['_initialize', 'malloc', 'free', 'argon2_hash'];

const isReference = (exports: object): exports is Reference =>
  'memory' in exports && functions.every((name) => typeof Reflect.get(exports, name) === 'function');

const argon2id = 2;
/** Of RFC 9106. */
const version = 0x13;
/** Where nothing is to be written: the tag is wanted, and no text of it. */
const nowhere = 0;

let started: Reference | null = null;

function start(): Reference {
  const { exports } = new WebAssembly.Instance(compiled);
  if (!isReference(exports)) throw new Error('@phi-ag/argon2 has no argon2 as this version of curfew knows it');
  exports['_initialize']();
  return exports;
}

/** Lends a place in the memory of the module, and empties it afterwards. */
function withBytes<Result>(
  { memory, malloc, free }: Reference,
  bytes: Uint8Array,
  run: (address: number) => Result,
): Result {
  const address = malloc(bytes.length);
  try {
    new Uint8Array(memory.buffer).set(bytes, address);
    return run(address);
  } finally {
    new Uint8Array(memory.buffer).fill(0, address, address + bytes.length);
    free(address);
  }
}

/**
 * Argon2id where `node:crypto` has none, by the WebAssembly of @phi-ag/argon2. It is called with bytes: the package's own
 * functions take a password only as far as it has UTF-16 units, so that the end of one with other letters would not count.
 *
 * @see RFC 9106
 */
export const argon2idOfModule: Argon2id = async ({ message, nonce, tagLength, memory, passes, parallelism }) => {
  const reference = (started ??= start());
  const password = new TextEncoder().encode(message);
  return withBytes(reference, password, (at) =>
    withBytes(reference, nonce, (salt) =>
      withBytes(reference, new Uint8Array(tagLength), (tag) => {
        const input = [passes, memory, parallelism, at, password.length, salt, nonce.length];
        const trouble = reference.argon2_hash(...input, tag, tagLength, nowhere, 0, argon2id, version);
        if (trouble !== 0) throw new Error(`argon2id has failed with ${trouble}`);
        return new Uint8Array(reference.memory.buffer).slice(tag, tag + tagLength);
      }),
    ),
  );
};
