import { createHash } from 'node:crypto';
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

/** One of a fixed number of objects that belong to no user, the same for the same key. */
export function shardOf({ CURFEW_DIRECTORY }: CurfewEnv, key: string) {
  const number = createHash('sha256').update(key).digest().readUInt32BE(0) % shards;
  return CURFEW_DIRECTORY.get(CURFEW_DIRECTORY.idFromName(`attempts ${number}`));
}
