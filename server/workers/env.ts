import { createHash } from 'node:crypto';
import { isSecret } from '../optionRules.ts';
import type { CurfewOptions } from '../options.ts';
import type { CurfewDirectory } from './directory.ts';
import type { ObjectNamespace } from './platform.ts';
import type { CurfewUser } from './user.ts';

/** What an application binds, in `wrangler.jsonc`. */
export interface CurfewEnv {
  /** The objects of class `CurfewUser`. */
  readonly CURFEW_USERS: ObjectNamespace<CurfewUser>;
  /** The objects of class `CurfewDirectory`. */
  readonly CURFEW_DIRECTORY: ObjectNamespace<CurfewDirectory>;
  /** A secret of at least 32 bytes. */
  readonly CURFEW_SECRET: string;
}

/** What may be chosen on Workers. */
export type WorkersOptions = Omit<
  CurfewOptions,
  'store' | 'secret' | 'checkpoints' | 'onEnd' | 'trustedProxies' | 'developmentCookie' | 'newId'
>;

const shards = 32;

/** What is bound. @throws TypeError with one line that says what is not */
export function bindingsOf(env: Partial<CurfewEnv>): Pick<CurfewEnv, 'CURFEW_USERS' | 'CURFEW_DIRECTORY'> {
  const { CURFEW_USERS, CURFEW_DIRECTORY } = env;
  if (!CURFEW_USERS) throw new TypeError('CURFEW_USERS must be bound to the class CurfewUser, or one that extends it');
  if (!CURFEW_DIRECTORY) throw new TypeError('CURFEW_DIRECTORY must be bound to the class CurfewDirectory');
  return { CURFEW_USERS, CURFEW_DIRECTORY };
}

/** The secret of the application. @throws TypeError with one line that shows nothing of it */
export function secretOf({ CURFEW_SECRET }: Partial<CurfewEnv>): string {
  if (!isSecret(CURFEW_SECRET)) throw new TypeError('CURFEW_SECRET must be a secret of at least 32 bytes');
  return CURFEW_SECRET;
}

/** One of a fixed number of objects that belong to no user, the same for the same key. */
export function shardOf(env: CurfewEnv, key: string) {
  const { CURFEW_DIRECTORY } = bindingsOf(env);
  const number = createHash('sha256').update(key).digest().readUInt32BE(0) % shards;
  return CURFEW_DIRECTORY.get(CURFEW_DIRECTORY.idFromName(`attempts ${number}`));
}
