import { createHash } from 'node:crypto';
import type { Instant } from '../../machines/index.ts';

/** As many characters as say the second until the year 3058, in digits that sort as the numbers do. */
const timeLength = 7;

const form = /^[0-9a-v]{7}([\w-]{10})-[\w-]{22,}$/;

/**
 * Where a store that is split by users keeps a user: 60 bits of a hash, for an application's own id of a user may be any
 * text. Two users may have the same, so what is kept there goes by the user's id all the same.
 *
 * It has no key, for it must stay as it is when the secret changes: whoever can guess a user's id can tell their sessions'
 * ids by it. So, as everywhere, an id of a user is nothing personal.
 */
export const routeOfUser = (user: string): string =>
  createHash('sha256').update(`curfew user\0${user}`).digest('base64url').slice(0, 10);

/**
 * Names a session: when it began, to the second, so that ids of one time stand together in an index; where its user is
 * kept, so that the id alone finds it; and what nobody can guess.
 *
 * @param random of 128 bits or more
 * @see ASVS 5.0 7.2.3
 */
export const sessionId = (user: string, startedAt: Instant, random: string): string =>
  `${Math.floor(startedAt / 1000)
    .toString(32)
    .padStart(timeLength, '0')}${routeOfUser(user)}-${random}`;

/** @returns where the user of a session is kept, `null` for a session that began before ids said so. */
export const routeOfSession = (id: string): string | null => form.exec(id)?.[1] ?? null;
