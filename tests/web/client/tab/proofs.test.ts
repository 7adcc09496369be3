import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../../machines/index.ts';
import type { ProofTab, ProveElsewhere, TabOptions } from '../../../../web/client/index.ts';
import { setProblem } from '../../../../web/client/tab/awayForSignIn.ts';
import { createStage, storage, type Stage } from '../../../support/journey.ts';

const credentials = { username: 'ada', password: 'correct horse' };

/** Makes the server sign in by a request of the application's own, as a passkey's or a callback's would. */
const asks =
  (path: string, body: object): ProveElsewhere =>
  (tab) =>
    tab.fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
const signsIn = asks('/api/auth/login', credentials);
const comesBack = asks('/api/auth/reauthenticate', { password: credentials.password });

const breaksOff = () => Promise.reject(new DOMException('', 'AbortError'));

async function signedIn(stage: Stage, options: TabOptions = {}) {
  const there = stage.open({ options });
  await there.until('signedOut');
  there.tab.signIn({ ...credentials, register: true });
  await there.until('active');
  return there;
}

async function locked(stage: Stage) {
  const there = await signedIn(stage);
  await stage.pass(minutes(31));
  await there.until('locked');
  return there;
}

describe('a proof other than a password', () => {
  it('signs in, and the tab learns from the server who it is', async () => {
    const stage = await createStage();
    const { tab, until } = await signedIn(stage);
    tab.signOut();
    await until('signedOut');
    tab.signIn(signsIn);
    await until('active');
    expect(tab.state().user?.username).toBe('ada');
  });

  it('goes on with a lapsed session, and brings back what was typed', async () => {
    const stage = await createStage();
    const { tab, until } = await signedIn(stage);
    const id = tab.state().view?.id;
    tab.drafts.subscribe('letter', () => {});
    tab.drafts.open('letter', { label: 'letter' });
    tab.drafts.write('letter', 'dear diary');
    await stage.pass(minutes(31));
    await until('locked');
    tab.reauthenticate(comesBack);
    await until('active');
    expect(tab.state().view).toMatchObject({ id, state: 'active' });
    expect(tab.drafts.read('letter').value).toBe('dear diary');
  });

  it('is begun in the click itself, before anything is waited for', async () => {
    const stage = await createStage();
    const { tab, until } = await locked(stage);
    let isBegun = false;
    tab.reauthenticate(async () => {
      isBegun = true;
    });
    expect(isBegun).toBe(true);
    await until('locked');
    tab.chooseSignIn();
    await until('signedOut');
    isBegun = false;
    tab.signIn(async () => {
      isBegun = true;
    });
    expect(isBegun).toBe(true);
  });

  it('is asked for as the session that is to go on, and says that a user is here', async () => {
    const stage = await createStage();
    const { tab, until } = await locked(stage);
    const sent: Headers[] = [];
    stage.network.holds = ({ url, headers }) => {
      if (url.endsWith('/reauthenticate')) sent.push(headers);
      return null;
    };
    let session: string | null = '';
    tab.reauthenticate((proofTab) => {
      ({ session } = proofTab);
      return comesBack(proofTab);
    });
    await until('active');
    expect(session).toBe(tab.state().view?.id);
    expect(sent.map((headers) => [headers.get('session-id'), headers.get('session-activity')])).toEqual([
      [session, 'user'],
    ]);
  });

  it('that the server refuses leaves the tab locked, with the server’s reason', async () => {
    const stage = await createStage();
    const { tab, until } = await locked(stage);
    tab.reauthenticate(asks('/api/auth/reauthenticate', { password: 'wrong' }));
    await until('reauthenticating');
    await until('locked');
    expect(tab.state().problem?.code).toBe('invalid_credentials');
  });

  it('that says it worked is not believed: the server is asked', async () => {
    const stage = await createStage();
    const { tab, until } = await locked(stage);
    tab.reauthenticate(async () => Response.json({ ok: true }));
    await until('reauthenticating');
    await until('locked');
    expect(tab.state().problem?.code).toBe('not_signed_in');
    expect(tab.state().view?.state).toBe('lapsed');
  });

  it('that throws is no answer of the network: its error is told in the problem', async () => {
    const stage = await createStage();
    const { tab, until } = await locked(stage);
    tab.reauthenticate(async () => {
      throw new TypeError('options is undefined');
    });
    await until('reauthenticating');
    await until('locked');
    expect(tab.state().problem).toMatchObject({ code: 'not_signed_in', detail: 'TypeError: options is undefined' });
  });

  it('that the user breaks off in the browser’s own dialog is cancelled', async () => {
    const stage = await createStage();
    const { tab, until } = await locked(stage);
    tab.reauthenticate(async () => {
      throw new DOMException('the user said no', 'NotAllowedError');
    });
    await until('reauthenticating');
    await until('locked');
    expect(tab.state().problem?.code).toBe('cancelled');
  });

  it('can be given up, so that the user can choose another', async () => {
    const stage = await createStage();
    const { tab, until } = await locked(stage);
    let isAborted = false;
    tab.reauthenticate(async ({ signal, signedIn: learns }) => {
      signal.addEventListener('abort', () => (isAborted = true));
      await learns();
    });
    await until('reauthenticating');
    tab.cancelProof();
    await until('locked');
    expect([isAborted, tab.state().problem?.code]).toEqual([true, 'cancelled']);
    tab.reauthenticate(credentials.password);
    await until('active');
  });

  it('proves who the user is while the content is shown', async () => {
    const stage = await createStage();
    const { tab } = await signedIn(stage);
    await stage.pass(minutes(11));
    const before = tab.state().view?.authenticatedAt ?? 0;
    expect(await tab.prove(comesBack)).toBeNull();
    expect(tab.state().view?.authenticatedAt).toBe(before + minutes(11));
    expect(await tab.prove(asks('/api/auth/reauthenticate', { password: 'wrong' }))).toMatchObject({
      code: 'invalid_credentials',
    });
  });
});

describe('a sign-in on another page', () => {
  it('is learnt from another tab that signed in', async () => {
    const stage = await createStage();
    const { tab, until } = await locked(stage);
    const other = stage.open();
    await other.until('locked');
    tab.reauthenticate((proofTab) => proofTab.signedIn());
    await until('reauthenticating');
    other.tab.reauthenticate(credentials.password);
    await Promise.all([other.until('active'), until('active')]);
  });

  it('is learnt from the server, which is asked again and again, when no message comes through', async () => {
    const stage = await createStage();
    const { tab, until } = await locked(stage);
    tab.reauthenticate((proofTab) => proofTab.signedIn());
    await until('reauthenticating');
    await stage.pass(seconds(20));
    expect(tab.state().phase).toBe('reauthenticating');
    await stage.post('/api/auth/reauthenticate', { password: credentials.password });
    expect(tab.state().phase).toBe('reauthenticating');
    await stage.pass(seconds(6));
    await until('active');
  });

  it('is not waited for any more once the session has ended', async () => {
    const stage = await createStage();
    const { tab, until } = await locked(stage);
    tab.reauthenticate((proofTab) => proofTab.signedIn());
    await until('reauthenticating');
    const elsewhere = stage.world.client('bearer');
    await elsewhere.login('ada', credentials.password);
    await elsewhere.call('DELETE', `/api/auth/sessions/${tab.state().view?.id}`);
    await stage.pass(seconds(6));
    await until('ended');
    expect(tab.state().reason).toBe('revoked');
  });

  it('as another user leaves the session as it is, and the tab locked, which says why', async () => {
    const stage = await createStage();
    const { tab, until } = await locked(stage);
    const before = tab.state().view;
    for (const proof of [
      (proofTab: ProofTab) => proofTab.signedIn(),
      async () => Response.json({ code: 'session_mismatch' }, { status: 409 }),
    ]) {
      tab.reauthenticate(proof);
      await until('reauthenticating');
      stage.tell({ kind: 'signedIn', session: '', version: 0, problem: 'session_mismatch' });
      await until('locked');
      expect(tab.state()).toMatchObject({ problem: { code: 'session_mismatch' }, user: { username: 'ada' } });
      expect(tab.state().view?.id).toBe(before?.id);
    }
    tab.reauthenticate(credentials.password);
    await until('active');
  });

  it('that did not work is told at the front door, too, to which the user was sent back', async () => {
    const stage = await createStage();
    const session = storage();
    setProblem(session, 'unavailable');
    const { tab, until } = stage.open({ session });
    await until('signedOut');
    expect(tab.state().problem?.code).toBe('unavailable');
    tab.signIn({ ...credentials, register: true });
    await until('active');
    expect(tab.state().problem).toBeNull();
  });

  it('is told when the user has said that they are somebody else, until a user is signed in', async () => {
    const stage = await createStage();
    const { tab, until } = await locked(stage);
    const told: unknown[] = [];
    const asked =
      (proof: ProveElsewhere): ProveElsewhere =>
      (proofTab) => {
        told.push([proofTab.session, proofTab.isAnother]);
        return proof(proofTab);
      };
    const { id } = tab.state().view ?? {};
    tab.reauthenticate(asked(breaksOff));
    await until('locked');
    tab.chooseSignIn();
    await until('signedOut');
    tab.signIn(asked(signsIn));
    await until('active');
    tab.signOut();
    await until('signedOut');
    tab.signIn(asked(signsIn));
    await until('active');
    expect(told).toEqual([
      [id, false],
      [null, true],
      [null, false],
    ]);
  });

  it('by somebody else ends this tab, which shows nothing of either', async () => {
    const stage = await createStage();
    const { tab, until } = await locked(stage);
    tab.reauthenticate(async (proofTab) => {
      await stage.post('/api/auth/register', { ...credentials, username: 'eve' });
      await proofTab.signedIn();
    });
    await stage.pass(seconds(6));
    await until('ended');
    expect(tab.inventory.list()).toEqual([]);
    expect(tab.state().user?.username).not.toBe('eve');
  });
});

describe('what a proof saves before the page is left', () => {
  it('is everything that was typed, or the page is told that it has to stay', async () => {
    const stage = await createStage();
    const { tab } = await signedIn(stage);
    tab.drafts.open('letter', { label: 'letter' });
    tab.drafts.write('letter', 'dear diary');
    expect(await tab.prove(async ({ flush }) => flush().then(breaksOff))).toMatchObject({ code: 'cancelled' });
    expect(tab.drafts.read('letter').status).toBe('saved');
    stage.disk.switches.refuses = true;
    stage.network.isDown = true;
    tab.drafts.write('letter', 'dear diary, today');
    expect(await tab.prove(async ({ flush }) => flush())).toMatchObject({ code: 'not_saved' });
    stage.network.isDown = false;
    expect(await tab.prove(async ({ flush }) => flush().then(breaksOff))).toMatchObject({ code: 'cancelled' });
    expect(tab.drafts.read('letter').status).toBe('not-on-this-device');
  });
});

describe('what a tab tells the server of its user', () => {
  it('is said with every request, the sign-in included, so that the server has heard this client', async () => {
    const stage = await createStage();
    const silent: string[] = [];
    const asked: string[] = [];
    stage.network.holds = ({ url, headers }) => {
      asked.push(new URL(url).pathname);
      if (!headers.has('session-activity')) silent.push(url);
      return null;
    };
    const { tab, until } = await signedIn(stage);
    await tab.fetch('/api/conversations');
    tab.drafts.open('letter', { label: 'letter' });
    tab.drafts.write('letter', 'dear diary');
    await stage.pass(minutes(31));
    await until('locked');
    tab.reauthenticate(comesBack);
    await until('active');
    tab.signOut();
    await until('signedOut');
    tab.signIn(signsIn);
    await until('active');
    expect(asked).toEqual(
      expect.arrayContaining(['/api/auth/register', '/api/auth/login', '/api/auth/reauthenticate', '/api/auth/logout']),
    );
    expect(silent).toEqual([]);
  });
});
