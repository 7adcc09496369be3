import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../machines/index.ts';
import { mostDrafts } from '../../server/store/drafts.ts';
import { createWorld } from '../support/server/world.ts';

const typesOf = (events: readonly { readonly type: string }[], type: string) =>
  events.filter((each) => each.type === type).length;

describe('what is kept of whoever never stops', () => {
  it('ASVS 16.3.1 hundreds of tries that nobody looked at are a few entries a minute, and then how many were left out', async () => {
    const { client, parts, pass } = await createWorld();
    await client('bearer').register('ada');
    for (let n = 0; n < 100; n++) await client('bearer').login(`name ${n}`, 'wrong');
    const before = (await parts.securityLog.since(0, 10_000)).length;
    expect(before).toBe(100);
    for (let n = 0; n < 300; n++) {
      expect((await client('bearer').login(`name ${n}`, 'wrong')).status).toBe(429);
      if (n % 30 === 29) pass(seconds(5));
    }
    const entries = (await parts.securityLog.since(0, 10_000)).slice(before);
    expect(entries.map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, () => 'login_throttled'));
    pass(minutes(1));
    for (let n = 0; n < 101; n++) await client('bearer').login(`name ${n}`, 'wrong');
    expect((await parts.securityLog.since(0, 10_000)).at(-1)).toMatchObject({
      kind: 'login_throttled',
      detail: { leftOut: 290 },
    });
  });

  it('a dead session that is used all day long grows its log by ten entries', async () => {
    const { client, pass, events } = await createWorld({ policy: { tokenLifetime: hours(12) } });
    const ada = client('bearer');
    await ada.register();
    const zombie = ada.twin();
    await ada.post('/api/auth/logout');
    const before = (await events(ada.id)).length;
    for (let minute = 0; minute < 12 * 60; minute += 10) {
      for (const path of ['/api/settings', '/api/auth/me', '/api/drafts']) await zombie.get(path);
      pass(minutes(10));
    }
    expect((await events(ada.id)).length - before).toBe(10);
  });

  it('preserved work beyond the limit is a 413 that says so, and what is there can still be saved', async () => {
    const { client, parts } = await createWorld();
    const ada = client('bearer');
    await ada.register();
    const put = (key: string, ciphertext: string) => ada.call('PUT', `/api/drafts/${key}`, { ciphertext, savedAt: 1 });
    for (let n = 1; n < mostDrafts; n++)
      await parts.drafts.put(ada.user?.id ?? '', `${n}`, { ciphertext: 'AAAA', savedAt: 1 }, 1);
    expect((await put('last', 'AAAA')).status).toBe(201);
    const refused = await put('one-more', 'AAAA');
    expect(refused.status).toBe(413);
    expect(refused.body).toMatchObject({ code: 'too_large', detail: expect.stringContaining(String(mostDrafts)) });
    expect((await put('last', 'BBBB')).status).toBe(200);
    expect((await ada.call('DELETE', '/api/drafts/1')).status).toBe(204);
    expect((await put('one-more', 'AAAA')).status).toBe(201);
  });

  it('proofs of a warning are one for each stage, however often they are sent', async () => {
    const { client, pass, events } = await createWorld();
    const ada = client('bearer');
    await ada.register();
    const spam = async (count: number) => {
      for (let n = 0; n < count; n++)
        for (const stage of ['toast', 'dialog']) await ada.post('/api/auth/warning', { stage, visible: n % 2 === 0 });
    };
    await spam(50);
    expect(typesOf(await events(ada.id), 'warning.shown')).toBe(0);
    pass(minutes(26));
    await spam(50);
    pass(minutes(3));
    await spam(50);
    expect(typesOf(await events(ada.id), 'warning.shown')).toBeLessThanOrEqual(2);
  });

  it('Promise 3: ages of activity beyond all reason neither move a deadline too far nor write', async () => {
    const { client, pass, events, now } = await createWorld();
    const ada = client('bearer');
    await ada.register('ada', 'correct horse', {}, { 'Session-Activity': 'user' });
    pass(minutes(10));
    const before = (await events(ada.id)).length;
    for (const ageMs of [Number.MAX_SAFE_INTEGER, 1e308, minutes(10), minutes(10) + 0.5])
      expect((await ada.post('/api/auth/activity', { ageMs })).body.session.lastActivityAt).toBe(now() - minutes(10));
    for (const ageMs of ['1e999', '-0.0001', '"0"', 'null', '[0]', '{}'])
      expect((await ada.raw('POST', '/api/auth/activity', { body: `{"ageMs":${ageMs}}` })).status).toBe(422);
    for (const header of [
      'user;age=999999999999999',
      'user;age=-1',
      'user;age=1e3',
      'user; age=0; age=1',
      'user, user',
    ])
      await ada.get('/api/settings', { 'Session-Activity': header });
    expect((await events(ada.id)).length).toBe(before);
    const { body } = await ada.post('/api/auth/activity', { ageMs: -0 });
    expect(body.session.lastActivityAt).toBe(now());
    expect(body.session.idleDeadline).toBe(now() + minutes(30));
  });

  it('Promise 4: leases neither exceed their cap nor the absolute limit, however often they are taken again, and none revives', async () => {
    const { client, pass, events, parts, now } = await createWorld({
      policy: { absoluteTimeout: hours(3), idleTimeout: minutes(30), maxLease: hours(2) },
    });
    const ada = client('bearer');
    await ada.register();
    const end = ada.session?.absoluteDeadline ?? 0;
    const before = (await events(ada.id)).length;
    for (const ms of [Number.MAX_SAFE_INTEGER, hours(3) + 1, hours(2) + 1, end - now() + 1])
      expect((await ada.call('PUT', '/api/auth/leases/call', { ms })).body.code).toBe('lease_forbidden');
    expect((await events(ada.id)).length).toBe(before);
    for (let time = 0; time < 9; time++) {
      for (const kind of ['call', 'upload']) {
        const { body } = await ada.call('PUT', `/api/auth/leases/${kind}`, { ms: Math.min(hours(2), end - now()) });
        expect(body.session.idleDeadline).toBeLessThanOrEqual(end);
      }
      await ada.post('/api/auth/refresh');
      pass(minutes(20));
    }
    expect((await ada.get('/api/auth/me')).body).toMatchObject({ reason: 'absolute' });
    expect((await ada.call('PUT', '/api/auth/leases/call', { ms: 1 })).status).toBe(401);
    expect((await ada.call('DELETE', '/api/auth/leases/call')).status).toBe(401);
    const stored = await parts.log.load(ada.id);
    expect(stored?.state.context.lapsedAt).toBe(end);
  });
});
