import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../machines/index.ts';
import { ownApplication } from '../../support/server/ownApplication.ts';
import { createWorld, lapse, type WorldOptions } from '../../support/server/world.ts';
import { createHandlers } from '../../../server/handlers.ts';

const shop = (options: WorldOptions = {}) =>
  ownApplication(
    (app, { protect }) => {
      app.get('/shop', protect({ optional: true }), (c) => c.json({ of: c.get('session')?.user ?? null }));
      app.post('/shop', protect({ optional: true }), (c) => c.json({ of: c.get('session')?.user ?? null }));
      app.use('/api/*', protect());
      app.get('/api/letters', (c) => c.json({ of: c.var.session.user }));
      app.use('/api/keys/*', protect({ recent: minutes(10) }));
      app.get('/api/keys/own', (c) => c.json({ of: c.var.session.user }));
      app.use('/open/*', protect({ optional: true }));
      app.use('/open/own/*', protect());
      app.get('/open/own/letters', (c) => c.json({ of: c.var.session.user }));
    },
    { policy: { tokenLifetime: hours(1) }, ...options },
  );

describe('protect({ optional })', () => {
  it('lets everybody through, and says who it is where there is a live session', async () => {
    const { client, signedIn, world } = await shop();
    const ada = await signedIn();
    expect((await client().get('/shop')).body).toEqual({ of: null });
    expect((await ada.get('/shop')).body).toEqual({ of: ada.user?.id });
    expect((await ada.get('/shop')).headers.get('Session-Status')).toMatch(/^active/);
    world.pass(lapse);
    expect((await ada.get('/shop')).body).toEqual({ of: null });
    expect((await client('bearer').get('/shop', { Authorization: 'Bearer forged' })).body).toEqual({ of: null });
  });

  it('counts what it lets in as activity', async () => {
    const { signedIn, world } = await shop();
    const ada = await signedIn();
    world.pass(minutes(20));
    await ada.get('/shop');
    world.pass(minutes(20));
    expect((await ada.get('/shop')).body).toEqual({ of: ada.user?.id });
  });

  it('is no alarm for a session that has lapsed: nobody has to be signed in here', async () => {
    const { signedIn, world } = await shop();
    const ada = await signedIn();
    world.pass(lapse);
    await ada.get('/shop');
    expect((await world.events(ada.id)).map(({ type }) => type)).not.toContain('session.usedAfterEnd');
    world.pass(minutes(1));
    await ada.get('/api/letters');
    expect((await world.events(ada.id)).map(({ type }) => type)).toContain('session.usedAfterEnd');
  });

  it('takes an unsafe request of another site for no user’s: it is refused', async () => {
    const { signedIn } = await shop();
    const ada = await signedIn();
    const stranger = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    expect((await ada.post('/shop', {}, stranger)).body).toMatchObject({ code: 'cross_site' });
  });

  it('is a 503 when the store does not answer: nobody is taken for a stranger', async () => {
    const { signedIn, world } = await shop({ sessionCache: false });
    const ada = await signedIn();
    world.parts.log.load = async () => {
      const { StoreUnavailable } = await import('../../../server/store/unavailable.ts');
      throw new StoreUnavailable('away');
    };
    expect((await ada.get('/shop')).body).toMatchObject({ status: 503, code: 'unavailable' });
  });

  it('before a protect() that asks for a session asks for less, and the inner one for all', async () => {
    const { client, signedIn, world } = await shop();
    const ada = await signedIn();
    expect((await client().get('/open/own/letters')).body).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect((await ada.get('/open/own/letters')).body).toEqual({ of: ada.user?.id });
    world.pass(lapse);
    expect((await ada.get('/open/own/letters')).body).toMatchObject({ status: 401, code: 'session_lapsed' });
  });
});

describe('protect({ recent })', () => {
  it('ASVS 7.5.1 asks for a young proof, to the millisecond, and takes one again after a re-authentication', async () => {
    const { signedIn, world } = await shop();
    const ada = await signedIn();
    world.pass(minutes(10));
    expect((await ada.get('/api/keys/own')).status).toBe(200);
    world.pass(1);
    const refused = await ada.get('/api/keys/own');
    expect(refused.body).toMatchObject({ status: 403, code: 'reauthentication_required' });
    expect(refused.headers.get('Session-Status')).toMatch(/^active/);
    expect((await ada.get('/api/letters')).status).toBe(200);
    await ada.post('/api/auth/reauthenticate', { password: 'correct horse' });
    expect((await ada.get('/api/keys/own')).status).toBe(200);
  });

  it('alone judges the session first', async () => {
    const { client } = await ownApplication((app, { protect }) => {
      app.get('/api/keys', protect({ recent: hours(1) }), (c) => c.json({ of: c.var.session.user }));
    });
    expect((await client().get('/api/keys')).body).toMatchObject({ code: 'unauthenticated' });
  });
});

describe('an option of protect', () => {
  it.each<[object | null, string]>([
    [{ optinal: true }, 'protect: there is no option optinal; there are optional, recent'],
    [{ optional: 'yes' }, 'protect: optional must be true or false'],
    [{ recent: '10m' }, 'protect: recent must be a duration in ms above 0, such as minutes(10)'],
    [{ recent: 0 }, 'protect: recent must be a duration in ms above 0, such as minutes(10)'],
    [{ recent: Number.NaN }, 'protect: recent must be a duration in ms above 0, such as minutes(10)'],
    [{ optional: true, recent: 1 }, 'protect: optional and recent exclude each other: a recent proof needs a session'],
    [null, 'protect: the options must be an object'],
  ])('that cannot be is refused in one line that names it: %o', async (options, line) => {
    const { protect } = createHandlers((await createWorld()).parts);
    expect(() => protect(options as object)).toThrow(new TypeError(line));
  });
});
