import { describe, expect, it } from 'vitest';
import { seconds } from '../../../../machines/index.ts';
import { createStage, settled } from '../../../support/journey.ts';

const credentials = { username: 'ada', password: 'correct horse' };

/** Somebody with an account, at the sign-in of a browser whose line is slow. */
async function atSignIn() {
  const stage = await createStage();
  await stage.world.client('bearer').register(credentials.username, credentials.password);
  const opened = stage.open();
  await opened.until('signedOut');
  const keys: (string | null)[] = [];
  let held = Promise.withResolvers<void>();
  const hold = () => {
    held = Promise.withResolvers();
    stage.network.holds = (request) => {
      if (!request.url.endsWith('/auth/login')) return null;
      keys.push(request.headers.get('Idempotency-Key'));
      return held.promise;
    };
  };
  const sessions = async () => {
    const user = await stage.world.users.byName('ada');
    return (await stage.world.parts.log.sessionsOf(user?.id ?? '')).length - 1;
  };
  return { stage, ...opened, keys, hold, answer: () => held.resolve(), sessions };
}

describe('a sign-in on a slow line', () => {
  it('is waited for 30 s: an answer after 29 s is in time', async () => {
    const { stage, tab, until, keys, hold, answer, sessions } = await atSignIn();
    hold();
    tab.signIn(credentials);
    await settled(() => keys.length === 1, 'it is asked');
    await stage.pass(seconds(29));
    expect(tab.state().phase).toBe('signingIn');
    answer();
    await until('active');
    expect(await sessions()).toBe(1);
  });

  it('whose answer is lost makes one session, however often it is tried again', async () => {
    const { stage, tab, until, keys, hold, answer, sessions } = await atSignIn();
    hold();
    tab.signIn(credentials);
    await settled(() => keys.length === 1, 'it is asked');
    await stage.pass(seconds(30));
    await until('signedOut');
    expect(tab.state().problem).toMatchObject({ code: 'network' });
    // This time its line breaks at once.
    stage.network.holds = ({ headers }) => {
      keys.push(headers.get('Idempotency-Key'));
      return Promise.reject(new TypeError('Failed to fetch'));
    };
    tab.signIn(credentials);
    await settled(() => keys.length === 2, 'it is asked');
    await until('signedOut');
    hold();
    answer();
    tab.signIn(credentials);
    await until('active');
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(await sessions()).toBe(1);
  });

  it('has another key for another user, and after every answer', async () => {
    const { stage, tab, until, keys, hold, answer } = await atSignIn();
    hold();
    tab.signIn({ ...credentials, password: 'wrong horse' });
    await settled(() => keys.length === 1, 'it is asked');
    answer();
    await until('signedOut');
    hold();
    tab.signIn(credentials);
    await settled(() => keys.length === 2, 'it is asked');
    await stage.pass(seconds(30));
    await until('signedOut');
    tab.signIn({ ...credentials, username: 'eve' });
    await settled(() => keys.length === 3, 'it is asked');
    expect(new Set(keys).size).toBe(3);
    for (const key of keys) expect(key?.length).toBeGreaterThanOrEqual(22);
  });

  it('is not even sent where the browser keeps no cookie, and says why', async () => {
    const stage = await createStage();
    const { tab, until } = stage.open({ hasCookies: false });
    await until('signedOut');
    tab.signIn({ ...credentials, register: true });
    await settled(() => tab.state().problem !== null, 'it is refused');
    expect(tab.state()).toMatchObject({ phase: 'signedOut', problem: { code: 'cookies_blocked' } });
    expect(await stage.world.users.byName('ada')).toBeNull();
    const bearer = stage.open({ hasCookies: false, options: { transport: 'bearer' } });
    await bearer.until('signedOut');
    bearer.tab.signIn({ ...credentials, register: true });
    await bearer.until('active');
  });
});
