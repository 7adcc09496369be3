import type { Running } from './measure.ts';
import type { Carrier } from './peer.ts';

const minutes = (count: number) => count * 60_000;
const others = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };

/** A session of the server that has just been measured. */
interface Asking {
  readonly credential: string;
  ask(path?: string, init?: { method?: string; headers?: Record<string, string>; body?: string }): Promise<Response>;
}

/** What a refusal has to say for itself, and how it comes about. */
interface Refusal {
  readonly what: string;
  readonly status: number;
  readonly says: Readonly<Record<string, string>>;
  readonly after: (
    asking: Asking,
    advance: (ms: number) => Promise<unknown>,
    as: (credential: string) => Asking,
  ) => Promise<Response>;
}

async function refreshed(asking: Asking, carrier: Carrier): Promise<string> {
  const answer = await asking.ask('/api/auth/refresh', { method: 'POST', body: '{"intent":"rotate"}' });
  if (!answer.ok) throw new Error(`A refresh answered ${answer.status}: ${await answer.text()}`);
  const { token }: { token?: string } = await answer.json();
  return carrier === 'bearer' ? (token ?? '') : (answer.headers.getSetCookie()[0]?.split(';')[0] ?? '');
}

const refusalsOf = (carrier: Carrier): readonly Refusal[] => [
  {
    what: 'the idle limit',
    status: 401,
    says: { reason: 'idle' },
    async after(asking, advance) {
      await advance(minutes(30));
      return asking.ask();
    },
  },
  {
    what: 'the absolute limit',
    status: 401,
    says: { reason: 'absolute' },
    async after(asking, advance, as) {
      let now = asking;
      for (let passed = 0; passed < 12 * 60; passed += 20) {
        await now.ask();
        now = as(await refreshed(now, carrier));
        await now.ask();
        await advance(minutes(20));
      }
      return now.ask();
    },
  },
  {
    what: 'an older generation',
    status: 401,
    says: { code: 'token_superseded' },
    async after(asking, advance, as) {
      await as(await refreshed(asking, carrier)).ask();
      await advance(minutes(1));
      return asking.ask();
    },
  },
  {
    what: '`exp`',
    status: 401,
    says: { code: 'token_expired' },
    async after(asking, advance) {
      await advance(minutes(20));
      await asking.ask();
      await advance(minutes(11));
      return asking.ask();
    },
  },
  {
    what: '`Session-Id` of another session',
    status: 409,
    says: { code: 'session_mismatch' },
    after: (asking) => asking.ask('/api/json', { headers: { 'Session-Id': 'another' } }),
  },
  {
    what: 'a session that was signed out',
    status: 401,
    says: { reason: 'signed_out' },
    async after(asking) {
      await asking.ask('/api/auth/logout', { method: 'POST', body: '{}' });
      return asking.ask();
    },
  },
];

/**
 * Lets each limit refuse a session of a server that was measured just before, with all that it has in memory.
 *
 * @returns what was refused as it has to be
 * @throws with the first that was not
 */
export async function checkRefusals(server: Running, carrier: Carrier): Promise<readonly string[]> {
  const as = (credential: string): Asking => ({
    credential,
    ask: (path = '/api/json', { headers, ...init } = {}) =>
      fetch(`http://127.0.0.1:${server.first.port}${path}`, {
        ...init,
        headers: {
          ...others,
          ...(carrier === 'cookie' ? { Cookie: credential } : { Authorization: `Bearer ${credential}` }),
          ...headers,
        },
      }),
  });
  const refusals = refusalsOf(carrier);
  for (const [index, { what, status, says, after }] of refusals.entries()) {
    const { credentials: [credential = ''] = [] } = await server.tell({
      type: 'signIn',
      users: [`refused-${carrier}-${index}`],
      carrier,
    });
    const asking = as(credential);
    const before = await asking.ask();
    if (!before.ok) throw new Error(`${what}: was refused before it came, ${before.status}: ${await before.text()}`);
    const refused = await after(asking, (ms) => server.tell({ type: 'advance', ms }), as);
    const text = await refused.text();
    const said: Record<string, unknown> = refused.status === status ? JSON.parse(text) : {};
    if (Object.entries(says).some(([name, value]) => said[name] !== value))
      throw new Error(`${what} does not refuse as it has to: ${refused.status} ${text}`);
  }
  return refusals.map(({ what }) => what);
}
