import { randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { argon2id, type Argon2id } from './argon2.ts';

/** What one guess costs. */
export interface Argon2Cost {
  /** Memory in KiB. Default 19,456. */
  readonly memory: number;
  /** Default 2. */
  readonly passes: number;
  /** Default 1. */
  readonly parallelism: number;
}

/** @see OWASP Password Storage Cheat Sheet, Argon2id */
export const standardCost: Argon2Cost = { memory: 19_456, passes: 2, parallelism: 1 };

/** How passwords are hashed and compared. */
export interface Passwords {
  /** @returns a PHC string with a salt of its own. */
  hash(password: string): Promise<string>;
  /**
   * Compares in constant time. `null` stands for an unknown user: the answer is `false`, and it takes as long.
   *
   * @throws when the stored hash is no PHC string of argon2id; that is damage.
   * @see ASVS 5.0 6.3.8
   */
  verify(password: string, hash: string | null): Promise<boolean>;
  /** Whether the hash was made with another cost than the present one. */
  needsRehash(hash: string): boolean;
}

interface Parsed extends Argon2Cost {
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/**
 * How many are derived at once in this process: one fewer than there are processors, and always fewer than the four
 * threads that Node has for such work, for files and signatures need them, too. All others wait their turn.
 */
export const mostAtOnce = Math.max(1, Math.min(3, availableParallelism() - 1));
const inTurn = pLimit(mostAtOnce);
const saltLength = 16;
const tagLength = 32;

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** @see https://github.com/P-H-C/phc-string-format */
const format = ({ memory, passes, parallelism, salt, tag }: Parsed): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;

function parse(hash: string): Parsed {
  const [, memory, passes, parallelism, salt, tag] = phc.exec(hash) ?? [];
  if (salt === undefined || tag === undefined) throw new Error('a stored password hash is no PHC string of argon2id');
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

/** One password is one password however a keyboard encodes it. @see NIST SP 800-63B-4 §3.1.1.2 */
const normalised = (password: string): string => password.normalize('NFKC');

/**
 * Hashes passwords with argon2id at a given cost; older hashes are verified at the cost they were made with.
 *
 * @param derive default argon2id of the runtime
 * @throws Error where the runtime has no argon2, and the package hash-wasm is not there either
 */
export function passwords(cost: Argon2Cost = standardCost, derive: Argon2id = argon2id()): Passwords {
  const { memory, passes, parallelism } = cost;
  const tagOf = (password: string, { salt, ...from }: Omit<Parsed, 'tag'>, length: number) =>
    inTurn(() => derive({ ...from, message: normalised(password), nonce: salt, tagLength: length }));
  // Compared with for unknown users: no password fits it.
  const unknownUser: Parsed = {
    memory,
    passes,
    parallelism,
    salt: randomBytes(saltLength),
    tag: randomBytes(tagLength),
  };

  return {
    async hash(password) {
      const own = { memory, passes, parallelism, salt: randomBytes(saltLength) };
      return format({ ...own, tag: Buffer.from(await tagOf(password, own, tagLength)) });
    },
    async verify(password, hash) {
      const stored = hash === null ? unknownUser : parse(hash);
      const tag = await tagOf(password, stored, stored.tag.length);
      return timingSafeEqual(tag, stored.tag) && hash !== null;
    },
    needsRehash(hash) {
      const stored = parse(hash);
      return stored.memory !== memory || stored.passes !== passes || stored.parallelism !== parallelism;
    },
  };
}
