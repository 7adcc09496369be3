import { createHash, randomInt } from 'node:crypto';
import { isSecret } from '../optionRules.ts';
import type { CurfewOptions } from '../options.ts';
import { nameKey } from '../store/username.ts';
import type { CurfewDirectory } from './directory.ts';
import { objectAt, placeOf, placeOfSession, placeOfUser } from './place.ts';
import type { ObjectNamespace } from './platform.ts';
import type { CurfewUser } from './user.ts';

/** What an application binds, in `wrangler.jsonc`: `CurfewEnv<User>` where the objects are of a class of its own. */
export interface CurfewEnv<User extends CurfewUser = CurfewUser> {
  /** The objects of class `CurfewUser`, or of one that extends it. */
  readonly CURFEW_USERS: ObjectNamespace<User>;
  /** The objects of class `CurfewDirectory`. */
  readonly CURFEW_DIRECTORY: ObjectNamespace<CurfewDirectory>;
  /** A secret of at least 32 bytes. */
  readonly CURFEW_SECRET: string;
  /** What opens the routes of `operator`, at least 32 bytes. Default nothing does. */
  readonly CURFEW_OPERATOR_KEY?: string;
}

/** What may be chosen on Workers. */
export interface WorkersOptions extends Omit<
  CurfewOptions,
  'store' | 'secret' | 'checkpoints' | 'trustedProxies' | 'developmentCookie' | 'newId'
> {
  /**
   * Deletes what the application keeps of a user in the storage of their object; default nothing. It is called inside the
   * transaction that deletes the user, so that all of it is deleted or nothing: when it throws, the user stays as they were.
   * It must write at once: a promise is refused as if it had thrown.
   */
  readonly deleteUserData?: (user: string) => void;
}

/** What is bound. @throws TypeError with one line that says what is not */
export function bindingsOf<User extends CurfewUser>(
  env: Partial<CurfewEnv<User>>,
): Pick<CurfewEnv<User>, 'CURFEW_USERS' | 'CURFEW_DIRECTORY'> {
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

const shards = 32;

const shardAt = (env: CurfewEnv, kind: string, number: number) => {
  const { CURFEW_DIRECTORY } = bindingsOf(env);
  return CURFEW_DIRECTORY.get(CURFEW_DIRECTORY.idFromName(`${kind} ${number}`));
};

const numberOf = (key: string): number => createHash('sha256').update(key).digest().readUInt32BE(0) % shards;

/** Where attempts are counted and refusals are kept: one of a fixed number of objects, the same for the same key. */
export const attemptsOf = (env: CurfewEnv, key: string) => shardAt(env, 'attempts', numberOf(key));

/** Where the overview of the sessions of a user is. */
export const overviewOf = (env: CurfewEnv, user: string) => shardAt(env, 'overview', numberOf(user));

/** Where the object of a user enrols. */
export const enrolmentOf = (env: CurfewEnv, place: string) => shardAt(env, 'overview', numberOf(place));

/** Where the overview of all sessions is, and where all objects enrol. */
export const overviewShards = (env: CurfewEnv) =>
  Array.from({ length: shards }, (_, number) => shardAt(env, 'overview', number));

/** Where what counts once is, for whoever may ask for it from any object. */
export const codesOf = (env: CurfewEnv, key: string) => shardAt(env, 'codes', numberOf(key));

/** Where it is known which users have a session that belongs to one at an identity provider. */
export const referencesOf = (env: CurfewEnv, key: string) => shardAt(env, 'references', numberOf(key));

const idOfName = (env: CurfewEnv, name: string) => bindingsOf(env).CURFEW_USERS.idFromName(`name ${nameKey(name)}`);

/** The object in which a name signs in. */
export const objectOfName = (env: CurfewEnv, name: string) => bindingsOf(env).CURFEW_USERS.get(idOfName(env, name));

/** Where that is. */
export const placeOfName = (env: CurfewEnv, name: string): string => placeOf(idOfName(env, name));

/** Where a user is kept: as the ids say that were made there, and for an application's own ids by a hash of them. */
export function placeFor(env: CurfewEnv, user: string): string {
  const { CURFEW_USERS } = bindingsOf(env);
  const place = placeOfUser(user);
  return place !== null && objectAt(CURFEW_USERS, place) ? place : placeOf(CURFEW_USERS.idFromName(`user ${user}`));
}

/**
 * The object of a user, for what the application's own class does there besides of Curfew.
 *
 * @param env what is bound; `CURFEW_USERS` says of which class the objects are
 * @param user the user's id, as in `c.var.session.user`
 * @throws TypeError with one line that says what is not bound
 */
export function objectOfUser<User extends CurfewUser>(
  env: CurfewEnv<User>,
  user: string,
): ReturnType<ObjectNamespace<User>['get']> {
  const { CURFEW_USERS } = bindingsOf(env);
  return objectAt(CURFEW_USERS, placeOfUser(user)) ?? CURFEW_USERS.get(CURFEW_USERS.idFromName(`user ${user}`));
}

/** The object of the user of a session, `null` for an id that was not made here. */
export const objectOfSession = (env: CurfewEnv, id: string) =>
  objectAt(bindingsOf(env).CURFEW_USERS, placeOfSession(id));

/** The object in a place, `null` where none can be. */
export const objectInPlace = (env: CurfewEnv, place: string) => objectAt(bindingsOf(env).CURFEW_USERS, place);

/** How many objects answer those who name nobody. They keep nothing. */
const nobodies = 16;

/** @param number of which one; default any */
export function objectOfNobody(env: CurfewEnv, number = randomInt(nobodies)) {
  const { CURFEW_USERS } = bindingsOf(env);
  return CURFEW_USERS.get(CURFEW_USERS.idFromName(`nobody ${number % nobodies}`));
}
