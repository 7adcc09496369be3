import { describe, expect, it } from 'vitest';
import { minutes } from '../../../../machines/index.ts';
import { createStage, type Stage } from '../../../support/journey.ts';

const credentials = { username: 'ada', password: 'correct horse', register: true };

async function signedIn(stage: Stage, transport: 'cookie' | 'bearer' = 'cookie') {
  const there = stage.open({ options: { transport } });
  await there.until('signedOut');
  there.tab.signIn(credentials);
  await there.until('active');
  return there;
}

describe('a user’s own data', () => {
  it.each(['cookie', 'bearer'] as const)(
    'is saved as one file, under the name that the server gives it, %s mode',
    async (transport) => {
      const stage = await createStage();
      const { tab } = await signedIn(stage, transport);
      expect(await tab.downloadData()).toBeNull();
      const [file, ...more] = stage.saved;
      expect(more).toEqual([]);
      expect(file?.name).toBe('curfew-data-2026-11-24.json');
      expect(file?.type).toBe('application/json');
      expect(JSON.parse((await file?.text()) ?? '')).toMatchObject({
        user: { name: 'ada' },
        sessions: [{ current: true }],
      });
    },
  );

  it('is of the base path that the tab has, with a name where the page is not told the server’s', async () => {
    const stage = await createStage({ basePath: '/curfew' });
    const there = stage.open({ options: { basePath: '/curfew' } });
    await there.until('signedOut');
    there.tab.signIn(credentials);
    await there.until('active');
    stage.network.answers = (request) =>
      request.url.endsWith('/curfew/auth/me/export') ? Response.json({ mine: true }) : null;
    expect(await there.tab.downloadData()).toBeNull();
    expect(stage.saved.map(({ name }) => name)).toEqual(['curfew-data.json']);
  });

  it('ASVS 7.5.1 needs a recent proof, and then it is saved', async () => {
    const stage = await createStage();
    const { tab } = await signedIn(stage);
    await stage.pass(minutes(11));
    expect(await tab.downloadData()).toMatchObject({ code: 'reauthentication_required' });
    expect(stage.saved).toEqual([]);
    expect(tab.state().phase).toBe('active');
    expect(await tab.prove('correct horse')).toBeNull();
    expect(await tab.downloadData()).toBeNull();
    expect(stage.saved).toHaveLength(1);
  });

  it('is not saved when the server cannot be reached, cannot answer, or breaks off', async () => {
    const stage = await createStage({ exportUserData: () => Promise.reject(new Error('no')) });
    const { tab } = await signedIn(stage);
    expect(await tab.downloadData()).toMatchObject({ code: 'unavailable' });
    const broken = () =>
      new ReadableStream({
        pull(controller) {
          controller.enqueue(new TextEncoder().encode('{"format":'));
          controller.error(new TypeError('terminated'));
        },
      });
    stage.network.answers = (request) => (request.url.endsWith('/export') ? new Response(broken()) : null);
    expect(await tab.downloadData()).toMatchObject({ code: 'network' });
    stage.network.isDown = true;
    expect(await tab.downloadData()).toMatchObject({ code: 'network' });
    expect(stage.saved).toEqual([]);
  });

  it('locks the tab when the session has lapsed meanwhile', async () => {
    const stage = await createStage();
    const { tab, until } = await signedIn(stage);
    await stage.sleep(minutes(31));
    expect(await tab.downloadData()).toMatchObject({ code: 'session_lapsed' });
    await until('locked');
    expect(stage.saved).toEqual([]);
  });

  it('is not saved for another user who has signed in meanwhile', async () => {
    const stage = await createStage();
    const { tab, until } = await signedIn(stage);
    const late = Promise.withResolvers<void>();
    stage.network.answers = (request) =>
      request.url.endsWith('/export') ? late.promise.then(() => Response.json({ user: 'ada' })) : null;
    const answer = tab.downloadData();
    tab.signOut();
    await until('signedOut');
    tab.signIn({ ...credentials, username: 'eve' });
    await until('active');
    late.resolve();
    expect(await answer).toMatchObject({ code: 'cancelled' });
    expect(stage.saved).toEqual([]);
  });
});
