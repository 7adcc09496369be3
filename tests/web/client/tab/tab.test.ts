import { describe, expect, it } from 'vitest';
import { minutes } from '../../../../machines/index.ts';
import { createStage, settled, type Stage } from '../../../support/journey.ts';

const credentials = { username: 'ada', password: 'correct horse', register: true };

async function signedIn(stage: Stage, isShown = false) {
  const there = stage.open({ isShown });
  await there.until('signedOut');
  there.tab.signIn(credentials);
  await there.until('active');
  return there;
}

/** Somebody else at the locked screen. */
async function eveInstead({ tab, until }: Awaited<ReturnType<typeof signedIn>>) {
  tab.chooseSignIn();
  await until('signedOut');
  tab.signIn({ ...credentials, username: 'eve' });
  await until('active');
}

describe('a tab', () => {
  it('opened after the token ran out, in a session that lives, gets a new one', async () => {
    const stage = await createStage({ policy: { tokenLifetime: minutes(5) } });
    const first = await signedIn(stage);
    first.close();
    await stage.pass(minutes(12));
    const second = stage.open();
    await second.until('active');
    expect(second.tab.state().view?.lastActivityAt).toBe(first.tab.state().view?.lastActivityAt);
  });

  it('tells the server of a sign-out at the next load, when it could not be reached before', async () => {
    const stage = await createStage();
    const { tab, until, close } = await signedIn(stage);
    const id = tab.state().view?.id ?? '';
    stage.network.isDown = true;
    tab.signOut();
    await until('signedOut');
    expect(tab.state().problem?.code).toBe('network');
    expect(stage.disk.homes.size).toBe(0);
    close();
    stage.network.isDown = false;
    const again = stage.open();
    await again.until('signedOut');
    expect((await stage.world.events(id)).at(-1)?.to).toBe('ended.signedOut');
    expect(stage.jar.cookie).toBeNull();
  });

  it('that is looked at tells those that nobody looks at what the stream tells it', async () => {
    const stage = await createStage();
    const shown = await signedIn(stage, true);
    const hidden = stage.open();
    await hidden.until('active');
    const elsewhere = stage.world.client('bearer');
    await elsewhere.login('ada', credentials.password);
    await elsewhere.call('DELETE', `/api/auth/sessions/${shown.tab.state().view?.id}`);
    await Promise.all([shown.until('ended'), hidden.until('ended')]);
    expect(hidden.tab.state().view?.reason).toBe('revoked');
  });

  it('that shows somebody else than the cookie is of ends, and shows nothing of either', async () => {
    const stage = await createStage();
    const ada = await signedIn(stage);
    const eve = stage.open();
    await eve.until('active');
    await stage.pass(minutes(31));
    await Promise.all([ada.until('locked'), eve.until('locked')]);
    await eveInstead(eve);
    await ada.until('ended');
    expect(ada.tab.inventory.list()).toEqual([]);
    expect(eve.tab.state().user?.username).toBe('eve');
    expect(stage.disk.homes.size).toBe(2);
  });

  it('ends for somebody else’s sign-in, too, when the answer to its own question is from before that', async () => {
    const stage = await createStage();
    const ada = await signedIn(stage);
    const eve = stage.open();
    await eve.until('active');
    const answer = Promise.withResolvers<void>();
    const asked: string[] = [];
    stage.network.holds = ({ url }) => (url.endsWith('/session-info') && asked.push(url) === 1 ? answer.promise : null);
    await stage.pass(minutes(30));
    await Promise.all([ada.until('checking'), eve.until('locked')]);
    await eveInstead(eve);
    answer.resolve();
    await ada.until('ended');
    expect(ada.tab.inventory.list()).toEqual([]);
  });

  it('keeps one person’s drafts from the next, and gives them back to their owner', async () => {
    const stage = await createStage();
    const { tab, until } = await signedIn(stage);
    tab.drafts.open('letter', { label: 'letter' });
    tab.drafts.write('letter', 'dear diary');
    await stage.pass(minutes(31));
    await until('locked');
    tab.chooseSignIn();
    await until('signedOut');
    tab.signIn({ ...credentials, username: 'eve' });
    await until('active');
    tab.drafts.open('letter', { label: 'letter' });
    await stage.pass(minutes(1));
    expect(tab.drafts.read('letter').value).toBe('');
    tab.signOut();
    await until('signedOut');
    tab.signIn({ ...credentials, register: false });
    await until('active');
    tab.drafts.open('letter', { label: 'letter' });
    await settled(() => tab.drafts.read('letter').value === 'dear diary', 'the draft is back');
  });

  it('that was stopped and is held again runs another machine, and tells those that show the one before', async () => {
    const stage = await createStage();
    const { tab, until, close } = await signedIn(stage);
    const first = tab.actor();
    const told: unknown[] = [];
    tab.onActor(() => told.push(tab.actor()));
    close();
    await stage.pass(1);
    tab.hold();
    expect(tab.actor()).not.toBe(first);
    expect(told).toEqual([tab.actor()]);
    await until('active');
    expect(tab.actor().getSnapshot().context.user?.username).toBe('ada');
  });
});
