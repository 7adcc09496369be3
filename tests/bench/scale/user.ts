import { join } from 'node:path';
import { Hono } from 'hono';
import { createCurfew } from '../../../server/index.ts';
import { sqlite } from '../../../server/sqlite/index.ts';
import { begun, decided, signedOut } from '../../../server/contract/history.ts';
import { median } from '../figures.ts';
import { secret } from '../secret.ts';
import { cookiesOf } from '../serving.ts';

/** What it costs to be a user with so many sessions that have ended, in ms: the median. */
export interface OfUser {
  readonly ended: number;
  readonly signIn: number;
  /** The list of live sessions, and the one with those that have ended. */
  readonly live: number;
  readonly withEnded: number;
}

const tries = 30;

/** Signs a user in who has signed in and out often before. */
export async function measureUser(folder: string, ended: number): Promise<OfUser> {
  const store = sqlite(join(folder, `user-${ended}.db`));
  const filled = await store.open({ clock: () => Date.now() });
  const at = Date.now() - 3_600_000;
  for (let index = 0; index < ended; index += 500) {
    const changes = Array.from({ length: Math.min(500, ended - index) }, (_, more) =>
      begun(`e${index + more}`, 'ada', at),
    );
    await filled.log.append(changes);
    await filled.log.append(
      changes.map(({ id, state, entries }) =>
        decided({ id, state, hash: entries.at(-1)?.hash ?? '' }, [signedOut(at + 1000)]),
      ),
    );
  }
  await filled.close();
  const curfew = await createCurfew({ store, secret, accounts: false, write: () => {} });
  const app = new Hono()
    .post('/sign-in', async (c) => {
      const { ok } = await curfew.signIn(c, { user: 'ada', method: ['pwd'], authenticatedAt: Date.now() });
      return c.text('', ok ? 200 : 500);
    })
    .route('/', curfew.routes);
  const browser = { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors' };
  let cookie = '';
  const timed = async (ask: () => Promise<Response> | Response) => {
    const all: number[] = [];
    for (let each = 0; each < tries; each += 1) {
      const begin = performance.now();
      const answer = await ask();
      await answer.text();
      all.push(performance.now() - begin);
      if (!answer.ok) throw new Error(`It was answered ${answer.status}`);
      cookie = cookiesOf(answer) || cookie;
    }
    return median(all);
  };
  const list = (path: string) => timed(() => app.request(path, { headers: { ...browser, Cookie: cookie } }));
  const signIn = await timed(() => app.request('/sign-in', { method: 'POST', headers: browser }));
  const result = {
    ended,
    signIn,
    live: await list('/api/auth/sessions'),
    withEnded: await list('/api/auth/sessions?ended=true'),
  };
  await curfew.close();
  return result;
}
