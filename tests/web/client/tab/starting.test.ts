import { describe, expect, it } from 'vitest';
import { minutes } from '../../../../machines/index.ts';
import { createStage, settled, storage, type Stage, type TabOnStage } from '../../../support/journey.ts';

const credentials = { username: 'ada', password: 'correct horse', register: true };

/** A user who has signed in, and whose page is about to be loaded again. */
async function leftTab() {
  const stage = await createStage();
  const session = storage();
  const { tab, until, close } = stage.open({ session });
  await until('signedOut');
  tab.signIn(credentials);
  await until('active');
  const id = tab.state().view?.id ?? '';
  close();
  return { stage, session, id };
}

const endElsewhere = async (stage: Stage, id: string) => {
  const elsewhere = stage.world.client('bearer');
  await elsewhere.login('ada', credentials.password);
  await elsewhere.call('DELETE', `/api/auth/sessions/${id}`);
};

/** Opens a tab whose requests to a path wait until what happens meanwhile has happened. */
async function openWhile(
  { stage, session }: Awaited<ReturnType<typeof leftTab>>,
  path: string,
  happens: () => Promise<void>,
): Promise<TabOnStage & { readonly phases: readonly string[] }> {
  const held = Promise.withResolvers<void>();
  const seen: string[] = [];
  stage.network.holdsRequest = ({ url }) => {
    if (!url.includes(path)) return null;
    seen.push(url);
    return held.promise;
  };
  const opened = stage.open({ session });
  const phases: string[] = [];
  opened.tab.subscribe(() => phases.push(opened.tab.state().phase));
  opened.tab.drafts.subscribe('letter', () => {});
  opened.tab.drafts.open('letter', { label: 'letter' });
  await settled(() => seen.length > 0, `${path} is asked for`);
  await happens();
  held.resolve();
  return { ...opened, phases };
}

describe('a tab that opens while its session ends', () => {
  it.each(['/auth/me', '/auth/vault-key', '/drafts/'])('says so at once when %s is refused', async (path) => {
    const left = await leftTab();
    const { tab, until, phases } = await openWhile(left, path, () => endElsewhere(left.stage, left.id));
    await until('ended');
    expect(tab.state()).toMatchObject({ reason: 'revoked', problem: null });
    expect(new Set(phases)).toEqual(new Set(['starting', 'ended']));
  });

  it.each(['/auth/me', '/auth/vault-key', '/drafts/'])('is locked at once when %s comes too late', async (path) => {
    const left = await leftTab();
    const { tab, until, phases } = await openWhile(left, path, async () => left.stage.world.pass(minutes(31)));
    await until('locked');
    expect(tab.state()).toMatchObject({ reason: 'idle', user: { username: 'ada' } });
    expect(new Set(phases)).toEqual(new Set(['starting', 'locked']));
    tab.reauthenticate(credentials.password);
    await until('active');
  });
});
