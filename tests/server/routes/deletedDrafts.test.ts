import { describe, expect, it } from 'vitest';
import { adapters } from '../../support/server/nodes.ts';
import { createWorld } from '../../support/server/world.ts';

describe.each(adapters)('whoever signs out and wants nothing kept, on %s', (log) => {
  it('ASVS 14.3.1 leaves nothing', async () => {
    const { client, parts, now } = await createWorld({ log });
    const [ada, bob] = [client('bearer'), client('bearer')];
    await ada.register('ada');
    await bob.register('bob');
    for (const each of [ada, bob]) await each.call('PUT', '/api/drafts/letter', { ciphertext: 'Y2lwaGVy', savedAt: 1 });
    expect((await ada.post('/api/auth/logout', { forgetDevice: true })).status).toBe(204);
    const left = [ada, bob].map(async ({ user }) => (await parts.drafts.list(user?.id ?? '', now())).length);
    expect(await Promise.all(left)).toEqual([0, 1]);
  });

  it('is not signed out when it cannot be erased, and can try again', async () => {
    const { client, parts, now, events } = await createWorld({ log });
    const ada = client('bearer');
    await ada.register();
    await ada.call('PUT', '/api/drafts/letter', { ciphertext: 'Y2lwaGVy', savedAt: 1 });
    const sound = { ...parts.drafts };
    const eraseWrite = () => () => {
      throw new Error('disk I/O error');
    };
    Object.assign(parts.drafts, { eraseWrite });
    expect((await ada.post('/api/auth/logout', { forgetDevice: true })).status).toBeGreaterThanOrEqual(500);
    expect((await events(ada.id)).map(({ type }) => type)).not.toContain('user.signedOut');
    expect((await ada.get('/api/drafts')).status).toBe(200);

    Object.assign(parts.drafts, sound);
    expect((await ada.post('/api/auth/logout', { forgetDevice: true })).status).toBe(204);
    expect(await parts.drafts.list(ada.user?.id ?? '', now())).toEqual([]);
  });
});
