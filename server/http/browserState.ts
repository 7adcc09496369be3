import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { seconds, type Duration } from '../../machines/index.ts';
import type { HttpDependencies } from './dependencies.ts';

type StateDependencies = Pick<HttpDependencies, 'cookieName' | 'newId'>;

const attributes = { prefix: 'host', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const;
const nameOf = ({ cookieName }: Pick<StateDependencies, 'cookieName'>): string => `${cookieName}-hand-over`;

/** Of 128 bits, so that the whole of a state has room in the 80 bytes of a `RelayState`. @see SAML 2.0 Bindings §3.5.3 */
const tagOf = (browser: string, id: string): string =>
  createHmac('sha256', browser).update(id).digest('base64url').slice(0, 22);

/**
 * Makes a state for a provider, and binds it to the browser that is answered: by a cookie that is the same for all of its
 * tabs, and that comes along when another site leads to a page, but not when it posts.
 *
 * @param lifetime of the cookie, in ms
 * @returns the state: an id of its own, and a tag that none can make without the cookie
 * @see RFC 9700 §4.7.1, RFC 6265bis §4.1.3.2, §5.6.7.1
 */
export function bindState(parts: StateDependencies, c: Context, lifetime: Duration): string {
  const browser = getCookie(c, nameOf(parts), 'host') || parts.newId();
  setCookie(c, nameOf(parts), browser, { ...attributes, maxAge: lifetime / seconds(1) });
  const id = parts.newId();
  return `${id}.${tagOf(browser, id)}`;
}

/** Whether a state was made for the browser that asks. */
export function isOfBrowser(parts: Pick<StateDependencies, 'cookieName'>, c: Context, state: string): boolean {
  const browser = getCookie(c, nameOf(parts), 'host');
  if (!browser) return false;
  const dot = state.lastIndexOf('.');
  const given = Buffer.from(state.slice(dot + 1));
  const wanted = Buffer.from(tagOf(browser, state.slice(0, dot)));
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
