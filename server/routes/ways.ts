import { Hono } from 'hono';
import { z } from 'zod';
import { requireSession, type RouteEnv } from '../http/requireSession.ts';
import type { Dependencies } from './dependencies.ts';

/** A password, typed on the locked screen. */
export interface PasswordWay {
  readonly kind: 'password';
  /**
   * The route of the application that takes it, as a path: `{ password }` as JSON is posted there, with the credential and
   * the `Session-Id` of the session that is to go on, and it calls `signIn`. Default Curfew's own route.
   */
  readonly url?: string | undefined;
}

/** Sign-in by passkey, with whatever else the page needs to know, such as the options of a challenge. */
export interface PasskeyWay {
  /** Which way it is. */
  readonly kind: 'passkey';
  readonly [member: string]: unknown;
}

/** Single sign-on at a provider. */
export interface SsoWay {
  /** Which way it is. */
  readonly kind: 'sso';
  /** What the user calls the provider. */
  readonly name: string;
  /** The page that begins the sign-in there. */
  readonly url: string;
}

/** One way in which a user can sign in again. */
export type Way = PasswordWay | PasskeyWay | SsoWay;

/** Says in which ways a user can sign in again: what the locked screen offers, in this order. */
export type WaysOption = (user: { readonly id: string }) => readonly Way[] | Promise<readonly Way[]>;

const anyOrigin = 'https://curfew.invalid';

/** Whether something leads nowhere but to the origin of the page that asks. */
const isOwnPath = (url: string): boolean =>
  url.startsWith('/') && URL.canParse(url, anyOrigin) && new URL(url, anyOrigin).origin === anyOrigin;

const ways = z.array(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('password'), url: z.string().refine(isOwnPath).optional() }),
    z.looseObject({ kind: z.literal('passkey') }),
    z.strictObject({ kind: z.literal('sso'), name: z.string().min(1), url: z.string().min(1) }),
  ]),
);

const byPassword = [{ kind: 'password' }] as const;

/**
 * In which ways the user of a session can sign in again, told to a signed credential of that session alone, whatever has
 * become of it: others learn nothing of who has which.
 *
 * @see ASVS 5.0 6.3.8
 */
export const waysRoutes = (parts: Dependencies) =>
  new Hono<RouteEnv>().get(
    '/ways',
    requireSession(parts, { counts: false, dead: true, expired: true, persons: true }),
    async (c) => {
      const { user: id, name } = c.get('session');
      const byDefault = parts.accounts.hasPasswords ? byPassword : [];
      const found = ways.safeParse(parts.ways ? await parts.ways({ id }) : byDefault);
      if (!found.success)
        throw new TypeError(
          'the option ways must return a list of password, passkey and sso, sso with name and url, a password with no url but a path such as /login',
        );
      return c.json({ ways: found.data, user: { name } }, 200);
    },
  );
