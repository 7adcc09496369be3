import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { createHandlers } from '../../../server/handlers.ts';
import type { SessionEnv } from '../../../server/index.ts';
import { createWorld } from '../../support/server/world.ts';

/** An application that two of Curfew's judge, one behind the other, each with a cookie of its own. */
async function begin() {
  const [first, second] = [
    await createWorld({ cookieName: 'first' }),
    await createWorld({ cookieName: 'second', secret: 'another secret of at least thirty-two bytes' }),
  ];
  const asked: string[] = [];
  const app = new Hono<SessionEnv>();
  for (const { parts } of [first, second]) {
    const { protect } = createHandlers(parts);
    app.use('/api/*', protect(), protect());
    app.use('/api/*', async (c, next) => {
      asked.push(c.var.session.id);
      await next();
    });
  }
  app.get('/api/shown', (c) => c.json(c.var.session));
  const [ada, bob] = [first.client(), second.client()];
  await ada.register('ada');
  await bob.register('bob');
  const cookie = `__Host-first=${ada.token}; __Host-second=${bob.token}`;
  return { ada, bob, asked, ask: () => app.request('/api/shown', { headers: { cookie } }) };
}

describe('the session of a request', () => {
  it('is that of the one who stands last before the route, where an application has two of Curfew’s', async () => {
    const { ada, bob, asked, ask } = await begin();
    for (const _ of [1, 2]) expect((await ask()).status).toBe(200);
    expect(asked).toEqual([ada.id, bob.id, ada.id, bob.id]);
  });

  it('is shown with all there is to know of it, and nothing else', async () => {
    const { bob, ask } = await begin();
    expect(await (await ask()).json()).toEqual({
      id: bob.id,
      user: bob.user?.id,
      name: 'bob',
      role: null,
      method: ['pwd'],
      view: expect.objectContaining({ id: bob.id, state: 'active' }),
    });
  });
});
