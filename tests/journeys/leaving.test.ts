import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { createStage, settled, storage, type Stage, type TabOnStage } from '../support/journey.ts';

const password = 'correct horse';
const ada = { username: 'ada', password };
const key = 'letter';

async function enters({ tab, until }: TabOnStage, who: { username: string; password: string; register?: boolean }) {
  await until('signedOut');
  tab.signIn(who);
  await until('active');
}
async function signedIn(stage: Stage, session = storage()) {
  const there = stage.open({ session });
  await enters(there, { ...ada, register: true });
  return there;
}
async function writes(stage: Stage, { tab }: TabOnStage, text: string) {
  tab.drafts.subscribe(key, () => {});
  tab.drafts.open(key, { label: key });
  tab.drafts.write(key, text);
  await stage.pass(seconds(1));
  await settled(() => tab.drafts.read(key).status === 'saved', `“${text}” is saved`);
}
const recordsOn = ({ disk }: Stage) => [...disk.homes.values()].flatMap((records) => [...records]);
const asks = (path: string) => (request: Request) => new URL(request.url).pathname === `/api/auth${path}`;

/** Holds back the answers to some requests. @returns what lets them come, or fail. */
function hold({ network }: Stage, is: (request: Request) => boolean) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const isAsked = Promise.withResolvers<void>();
  promise.catch(() => {});
  network.holds = (request) => {
    if (!is(request)) return null;
    isAsked.resolve();
    return promise;
  };
  const end = (how: () => void) => {
    network.holds = () => null;
    how();
  };
  return {
    asked: isAsked.promise,
    comes: () => end(resolve),
    fails: () => end(() => reject(new TypeError('Failed to fetch'))),
  };
}

describe('signing out', () => {
  it('ASVS 7.4.1 while the server cannot be reached ends it in every tab, and on the server as soon as it can be', async () => {
    const stage = await createStage();
    const [first, second] = [await signedIn(stage), stage.open()];
    await second.until('active');
    await writes(stage, second, 'of the second tab');
    await stage.pass(seconds(5));
    stage.network.isDown = true;
    first.tab.signOut({ forgetDevice: true });
    await first.until('signedOut');
    await second.until('unconfirmed');
    expect(recordsOn(stage)).toEqual([]);
    stage.network.isDown = false;
    second.wake();
    await second.until('ended');
    expect(second.tab.state()).toMatchObject({ reason: 'signed_out' });
    expect(second.tab.drafts.read(key).value).toBe('');
    const log = await stage.world.parts.log.read(second.tab.state().view?.id ?? '', 0, 1000);
    expect(log.at(-1)).toMatchObject({ to: 'ended.signedOut' });
    expect([...stage.local]).toEqual([]);
    // "Delete from this device" is for the copies on the server, too.
    await enters(first, ada);
    expect(await (await first.tab.fetch('/api/drafts')).json()).toEqual({ drafts: [] });
  });

  it('before the server has heard of it is told to it by whoever signs in next', async () => {
    const stage = await createStage();
    const first = await signedIn(stage);
    const { id = '' } = first.tab.state().view ?? {};
    stage.network.isDown = true;
    first.tab.signOut();
    await first.until('signedOut');
    stage.network.isDown = false;
    await enters(first, ada);
    expect((await stage.world.parts.log.read(id, 0, 1000)).at(-1)).toMatchObject({ to: 'ended.signedOut' });
    expect(first.tab.state().view?.id).not.toBe(id);
  });

  it('leaves the next session alone when a tab that heard of it late asks again', async () => {
    const stage = await createStage();
    const [first, second] = [await signedIn(stage), stage.open()];
    await second.until('active');
    // The second tab hears nothing from the server for now.
    stage.network.holds = (request) => (asks('/session-info')(request) ? Promise.reject(new TypeError('no')) : null);
    first.tab.signOut();
    await first.until('signedOut');
    await second.until('unconfirmed');
    await enters(first, ada);
    await writes(stage, first, 'of the next session');
    await second.until('unconfirmed');
    stage.network.holds = () => null;
    const [records, local] = [recordsOn(stage), [...stage.local]];
    expect(records).not.toEqual([]);
    second.wake();
    // The session that it knew is over, and it follows its user into the next one.
    await second.until('active');
    expect(second.tab.state().view?.id).toBe(first.tab.state().view?.id);
    await stage.pass(seconds(1));
    expect([recordsOn(stage), [...stage.local]]).toEqual([records, local]);
    await writes(stage, first, 'of the next session, and more');
  });

  it('ASVS 14.3.1 while a proof is on its way leaves nothing of whoever gave it', async () => {
    const stage = await createStage();
    const session = storage();
    const { tab, until } = await signedIn(stage, session);
    const proof = hold(stage, asks('/reauthenticate'));
    const proved = tab.prove(password);
    await proof.asked;
    tab.signOut();
    await until('signedOut');
    proof.comes();
    expect(await proved).toBeNull();
    await stage.pass(seconds(1));
    expect([recordsOn(stage), stage.disk.homes.size, [...stage.local], [...session.items]]).toEqual([[], 0, [], []]);
  });

  it('ASVS 14.3.1 leaves no name in a tab that was away meanwhile', async () => {
    const stage = await createStage();
    const [first, session] = [await signedIn(stage), storage()];
    const away = stage.open({ session });
    await away.until('active');
    away.close();
    await stage.pass(seconds(1));
    expect(session.items.size).toBe(1);
    first.tab.signOut();
    await first.until('signedOut');
    await stage.open({ session }).until('signedOut');
    expect([...session.items]).toEqual([]);
  });
});

describe('somebody else', () => {
  it('who signs in while the tab still asks for the one before keeps what is theirs', async () => {
    const stage = await createStage();
    const there = await signedIn(stage);
    const info = hold(stage, asks('/session-info'));
    await stage.pass(minutes(31));
    await info.asked;
    there.tab.chooseSignIn();
    await enters(there, { username: 'bob', password, register: true });
    info.fails();
    await stage.pass(seconds(1));
    await writes(stage, there, 'of bob');
    expect(there.tab.drafts.read(key).value).toBe('of bob');
    expect(there.tab.state().phase).toBe('active');
  });
});
