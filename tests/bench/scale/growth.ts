import { Hono } from 'hono';
import { memory } from '../../../server/memory/index.ts';
import { createCurfew } from '../../../server/index.ts';
import { secret } from '../secret.ts';
import { cookiesOf } from '../serving.ts';

/** How many entries a session has after some minutes. */
export type Growth = readonly (readonly [minutes: number, entries: number])[];

/** Lets one session go on for an hour by a clock of its own. @param every how often a request comes, in s; 0 for none */
export async function measureGrowth(every: number): Promise<Growth> {
  let now = Date.UTC(2030, 0, 1, 9);
  const curfew = await createCurfew({ store: memory(), secret, accounts: false, clock: () => now, write: () => {} });
  const app = new Hono()
    .post('/sign-in', async (c) => {
      const { ok } = await curfew.signIn(c, { user: 'ada', method: ['pwd'], authenticatedAt: now });
      return c.text('', ok ? 200 : 500);
    })
    .use('/api/*', curfew.protect())
    .get('/api/hello', (c) => c.text('hello'))
    .route('/', curfew.routes);
  const browser = { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors' };
  const signedIn = await app.request('/sign-in', { method: 'POST', headers: browser });
  let cookie = cookiesOf(signedIn);
  const ask = (path: string, init: RequestInit = {}) =>
    app.request(path, { ...init, headers: { ...browser, 'Content-Type': 'application/json', Cookie: cookie } });
  const view = async () => (await (await ask('/api/auth/session-info')).json()).session;
  const growth: [number, number][] = [];
  for (let second = 0; second <= 3600; second += 1) {
    if (every > 0 && second % every === 0) {
      const answer = await ask('/api/hello');
      if (answer.status !== 200) throw new Error(`A request answered ${answer.status}: ${await answer.text()}`);
    }
    // As a client does, when its token is half used up.
    if (every > 0 && second > 0 && second % 900 === 0)
      cookie = cookiesOf(await ask('/api/auth/refresh', { method: 'POST', body: '{"intent":"rotate"}' })) || cookie;
    if (second % 60 === 0) growth.push([second / 60, (await view()).version]);
    now += 1000;
  }
  await curfew.close();
  return growth;
}
