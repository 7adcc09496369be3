import crypto from 'node:crypto';
import { vi } from 'vitest';

/** What was asked of argon2 once, besides the secret parts. */
export interface Argon2Work {
  readonly algorithm: string;
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly tagLength: number;
  /** The length of the salt in bytes. */
  readonly salt: number;
  /** How many were under way when it began, itself among them. */
  readonly atOnce: number;
}

/**
 * Loads modules anew, with an argon2 that notes what it is asked for: they take it from `node:crypto` as they load.
 *
 * @returns what was loaded, and what was asked up to now
 */
export async function withArgon2Watched<Loaded>(
  load: () => Promise<Loaded>,
): Promise<{ readonly loaded: Loaded; readonly asked: Argon2Work[] }> {
  const { argon2 } = crypto;
  const asked: Argon2Work[] = [];
  let underWay = 0;
  const watched: typeof argon2 = (algorithm, parameters, callback) => {
    const { memory, passes, parallelism, tagLength, nonce } = parameters;
    const salt = Buffer.from(nonce as Buffer).length;
    asked.push({ algorithm, memory, passes, parallelism, tagLength, salt, atOnce: ++underWay });
    argon2(algorithm, parameters, (...answer) => {
      underWay--;
      callback(...answer);
    });
  };
  vi.resetModules();
  Object.assign(crypto, { argon2: watched });
  try {
    return { loaded: await load(), asked };
  } finally {
    Object.assign(crypto, { argon2 });
    vi.resetModules();
  }
}
