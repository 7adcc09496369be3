import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { z } from 'zod';
import { seconds, type Duration } from '../../machines/index.ts';
import { problem, type Refusal } from '../http/problem.ts';
import { sessionId } from '../store/sessionId.ts';
import type { Dependencies } from './dependencies.ts';

/** What a sign-in makes, the same however often it is repeated. */
export interface ReservedIds {
  readonly session: string;
  /** Of the user that a registration makes. */
  readonly user: string;
}

/** A sign-in that may be a repeat of one whose answer was lost. */
export interface RepeatableSignIn {
  /** Whether the key was used a moment ago with another body. Nothing is kept by asking. */
  readonly isOther: () => Promise<boolean>;
  /**
   * Keeps the ids under the key, unless they are there already. Call it only for what may be kept.
   *
   * @param user whose session it is to be; default one that is to be made
   * @returns `null` when the key was used with another body
   */
  readonly reserve: (user?: string) => Promise<ReservedIds | null>;
}

/** How long a repeat is taken for one. */
const repeatableFor: Duration = seconds(60);
/** At least 128 bits: a UUID, or 22 characters of base64url; in quotes or not. */
const keyForm = /^"?([\w.~+/=-]{22,255})"?$/;
const keyRule = 'must be 22 to 255 letters, digits or -._~+/=, of at least 128 random bits';

const kept = z.object({ body: z.string(), session: z.string(), user: z.string() });

const isEqual = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/**
 * Reads the `Idempotency-Key` of a sign-in. Of the key only its hash is kept, and of the body, which names no password
 * here, only a hash that cannot be tried out without the key.
 *
 * @param body what has to be the same in a repeat, without the password
 * @returns `null` where the request has no key; the refusal to answer with where the key is none.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header
 */
export function repeatableSignIn(
  { singleUse, clock, newId }: Pick<Dependencies, 'singleUse' | 'clock' | 'newId'>,
  c: Context,
  body: readonly unknown[],
): RepeatableSignIn | Refusal | null {
  const header = c.req.header('Idempotency-Key');
  if (header === undefined) return null;
  const key = keyForm.exec(header)?.[1];
  if (key === undefined)
    return problem(c, 'invalid_input', { fields: [{ field: 'Idempotency-Key', message: keyRule }] });
  const name = `sign-in ${createHash('sha256').update(key).digest('base64url')}`;
  const hash = createHmac('sha256', key).update(JSON.stringify(body)).digest('base64url');

  const read = async () => {
    const value = await singleUse.read(name, clock());
    return value === null ? null : kept.parse(JSON.parse(value));
  };
  return {
    async isOther() {
      const there = await read();
      return there !== null && !isEqual(there.body, hash);
    },
    async reserve(user = newId()) {
      const now = clock();
      const ids = { session: sessionId(user, now, newId()), user };
      if (await singleUse.put(name, JSON.stringify({ body: hash, ...ids }), now + repeatableFor, now)) return ids;
      const there = await read();
      return there !== null && isEqual(there.body, hash) ? there : null;
    },
  };
}
