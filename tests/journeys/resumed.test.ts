import { describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { setResumed } from '../../web/client/tab/awayForSignIn.ts';
import { createStage, storage } from '../support/journey.ts';

const ada = { username: 'ada', password: 'correct horse' };

/** Somebody who is signed in, in a tab whose storage outlives its pages. */
async function signedIn() {
  const stage = await createStage();
  const session = storage();
  const first = stage.open({ session });
  await first.until('signedOut');
  first.tab.signIn({ ...ada, register: true });
  await first.until('active');
  return { stage, session, first, id: first.tab.state().view?.id ?? '' };
}

describe('coming back from a sign-in on another page', () => {
  it('is told once, when the session it was to go on with is open', async () => {
    const { stage, session, first, id } = await signedIn();
    expect(first.tab.takeResumed()).toBe(false);
    first.close();
    setResumed(session, id);
    const back = stage.open({ session });
    expect(back.tab.takeResumed()).toBe(false);
    await back.until('active');
    expect([back.tab.takeResumed(), back.tab.takeResumed()]).toEqual([true, false]);
    back.close();
    const reloaded = stage.open({ session });
    await reloaded.until('active');
    expect(reloaded.tab.takeResumed()).toBe(false);
  });

  it('is not told of another session, and once of one that had to be unlocked here after all', async () => {
    const { stage, session, first, id } = await signedIn();
    first.close();
    setResumed(session, 'another');
    const other = stage.open({ session });
    await other.until('active');
    expect(other.tab.takeResumed()).toBe(false);
    other.close();
    setResumed(session, id);
    await stage.pass(minutes(31));
    const locked = stage.open({ session });
    await locked.until('locked');
    locked.tab.reauthenticate(ada.password);
    await locked.until('active');
    expect([locked.tab.takeResumed(), locked.tab.takeResumed()]).toEqual([true, false]);
  });
});
