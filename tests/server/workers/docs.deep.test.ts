import { describe, expect, test, vi } from 'vitest';
import { createCurfew, passwords, type CurfewOptions } from '../../../server/index.ts';
import { memory } from '../../../server/memory/index.ts';
import { secret } from '../../support/workers/application.ts';
import { applications } from '../../support/workers/clients.ts';
import { faulty } from '../../support/workers/contract.ts';

const made = applications();

describe('the description of the routes is the one that a server has elsewhere, with', () => {
  test.each<[string, object, Partial<CurfewOptions>]>([
    ['users who make their own accounts', {}, { accounts: passwords({ register: true }) }],
    ['no passwords', { accounts: false }, { accounts: false }],
    [
      'another path and another cookie',
      { basePath: '/', cookieName: 'own' },
      { accounts: passwords({ register: true }) },
    ],
  ])('%s', async (_, options, elsewhere) => {
    const one = await made.fresh(options);
    const curfew = await createCurfew({ store: memory(), secret, ...options, ...elsewhere, write: () => {} });
    for (const path of ['openapi.json', 'docs']) {
      const [here, there] = [await one.ask(path), await curfew.operations.request(`/${path}`)];
      const heads = ['Content-Type', 'Cache-Control', 'Content-Security-Policy'];
      const headsOf = ({ headers }: Response) => heads.map((name) => headers.get(name));
      expect([here.status, ...headsOf(here)]).toEqual([200, ...headsOf(there)]);
      expect(await here.text()).toBe(await there.text());
    }
    await curfew.close();
  });
});

test('where no object can be opened there is no description, and one line says why', async () => {
  const away = faulty('server/workers/openUser.ts', {
    from: '  const database = lazyDatabaseOf(ctx.storage);',
    to: `  throw new Error('the object is away');
  const database = lazyDatabaseOf(ctx.storage);`,
  });
  const one = await made.fresh({}, [away]);
  const answer = await one.ask('openapi.json');
  expect([answer.status, (await answer.json()).code]).toEqual([503, 'unavailable']);
  await vi.waitFor(() => expect(one.output()).toContain('the object is away'), { timeout: 50_000 });
});
