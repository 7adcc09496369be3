import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { z } from 'zod';
import { minutes, type Duration, type Instant } from '../../machines/index.ts';
import type { Ceremonies } from './store/signIn.ts';

/** What is under way is one of these; what was begun as one is never taken for another. */
export type CeremonyKind = 'oidc' | 'passkey.registration' | 'passkey.authentication';

/** How long a user has to come back from the provider or from the authenticator. */
const lifetime: Duration = minutes(10);

const cookie = 'curfew-sign-in';
const attributes = { prefix: 'host', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const;

/** What is begun in an answer and taken once, by the browser that got it. */
export interface BoundCeremonies {
  /**
   * Keeps data for the request that comes back with a token. A cookie binds it to this browser.
   *
   * @param token unguessable, such as an OAuth `state` or a WebAuthn challenge
   */
  readonly begin: (c: Context, kind: CeremonyKind, token: string, data: object) => Promise<void>;
  /** Takes the data of a token. @returns `null` for one that is unknown, used, expired, or of another browser */
  readonly take: <Data>(c: Context, kind: CeremonyKind, token: string, shape: z.ZodType<Data>) => Promise<Data | null>;
}

interface Parts {
  readonly store: Ceremonies;
  readonly clock: () => Instant;
  readonly newId: () => string;
}

const keyOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

/**
 * Binds what is under way to the browser it was begun in, by a cookie that is the same for all of its tabs.
 *
 * @see RFC 9700 §4.7.1, RFC 6265bis §4.1.3.2
 */
export function boundCeremonies({ store, clock, newId }: Parts): BoundCeremonies {
  return {
    async begin(c, kind, token, data) {
      const browser = getCookie(c, cookie, 'host') ?? newId();
      setCookie(c, cookie, browser, { ...attributes, maxAge: lifetime / 1000 });
      const now = clock();
      await store.begin(keyOf(kind, token, browser), JSON.stringify(data), now + lifetime, now);
    },
    async take(c, kind, token, shape) {
      const browser = getCookie(c, cookie, 'host');
      if (browser === undefined || token === '') return null;
      const data = await store.take(keyOf(kind, token, browser), clock());
      return data === null ? null : shape.parse(JSON.parse(data));
    },
  };
}
