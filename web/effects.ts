import { fromPromise } from 'xstate';
import {
  isLiveView,
  nearestDeadline,
  saysLost,
  seconds,
  tabMachine,
  type Credentials,
  type Reason,
  type Resumed,
  type SessionView,
  type SignedIn,
  type User,
} from '../machines/index.ts';
import { alarmActor, type AlarmPorts } from './alarm.ts';
import type { Client } from './client.ts';
import { Refused } from './problem.ts';
import type { Remembered } from './remembered.ts';
import type { TokenStore } from './tokenStore.ts';
import { isAdmission, isNothing, isRecord, isUser, isVaultKeys } from './wire.ts';
import type { Work } from './work.ts';

/** What the effects of the tab machine are made of. */
export interface EffectPorts extends AlarmPorts {
  readonly client: Client;
  readonly work: Work;
  readonly remembered: Remembered;
  readonly tokens: TokenStore | null;
  readonly transport: 'cookie' | 'bearer';
  /** Called when a person answered: what was seen before is no news any more. */
  readonly onAnswered: () => void;
  /** Called when the person signed out here, so that other tabs hear of it. */
  readonly onSignedOut: () => void;
}

const isMe = (body: unknown): body is { readonly user: User } => isRecord(body) && isUser(body['user']);

const nearly = seconds(2);
const looks = 3;

/** The tab machine with what the browser does in its name. */
export function provideEffects(ports: EffectPorts) {
  const { client, work, remembered, tokens, transport, timer } = ports;

  async function unlock(view: SessionView): Promise<User> {
    const { user } = await client.call('/me', isMe, { quiet: true });
    const keys = await client.call('/vault-key', isVaultKeys, { quiet: true });
    await work.open({ user, session: view, ...keys });
    return user;
  }

  async function enter(path: string, json: object): Promise<SignedIn> {
    const signedIn = await work.open(await client.call(path, isAdmission, { method: 'POST', json, anonymous: true }));
    await work.restore();
    return signedIn;
  }

  async function resume(): Promise<Resumed> {
    if (remembered.shared()?.leaving) await leaveServer(false);
    if (tokens && tokens.read() === null) return null;
    try {
      const view = await client.sessionInfo(true);
      if (!isLiveView(view)) return { user: work.recall(view.id), view };
      const user = await unlock(view);
      await work.restore();
      return { user, view };
    } catch (error) {
      if (error instanceof Refused && saysLost(error)) return null;
      throw error;
    }
  }

  async function leaveServer(forgetDevice: boolean): Promise<void> {
    try {
      await client.call('/logout', isNothing, { method: 'POST', json: { forgetDevice }, quiet: true });
    } catch (error) {
      if (!(error instanceof Refused) || error.code === 'network' || error.code === 'unavailable') throw error;
    } finally {
      tokens?.erase();
    }
    remembered.setShared(null);
  }

  /** Asks how the session is; when it has only a moment left, asks again once that is over. */
  async function ask(): Promise<SessionView> {
    for (let look = 1; ; look++) {
      const view = await client.sessionInfo(true);
      const left = nearestDeadline(view) - view.serverNow;
      if (!isLiveView(view) || left > nearly || look === looks) return view;
      await new Promise<void>((resolve) => void timer(resolve, left + 1));
    }
  }

  async function check({ reason }: { readonly reason: Reason | null }): Promise<{ view: SessionView }> {
    // Whoever signed out has erased everything; nothing that this tab saved meanwhile may stay or come back.
    if (reason === 'signed_out') await work.erase();
    else await work.hide();
    let isLive = false;
    try {
      const view = await ask();
      isLive = isLiveView(view);
      return { view };
    } finally {
      if (isLive) work.show();
      else await work.lock();
    }
  }

  async function extend(): Promise<{ view: SessionView }> {
    const view = await client.refresh('extend');
    ports.onAnswered();
    return { view };
  }

  async function reauthenticate({ password }: { readonly password: string }, signal: AbortSignal): Promise<SignedIn> {
    const answer = await client.prove(password, true);
    // Whoever has left meanwhile leaves nothing behind.
    signal.throwIfAborted();
    ports.onAnswered();
    return work.open(answer);
  }

  async function restore(): Promise<void> {
    if (!work.isOpen()) await unlock(await client.sessionInfo(true));
    await work.restore();
  }

  async function signOut({ forgetDevice }: { readonly forgetDevice: boolean }): Promise<void> {
    await work.erase();
    remembered.setShared({ session: '', home: '', leaving: true });
    try {
      await leaveServer(forgetDevice);
    } finally {
      // Only now, so that a tab that asks the server hears the same.
      ports.onSignedOut();
    }
  }

  return tabMachine.provide({
    actors: {
      alarm: alarmActor(ports),
      resume: fromPromise(resume),
      signIn: fromPromise<SignedIn, Credentials>(({ input: { register, remember, ...credentials } }) =>
        enter(register ? '/register' : '/login', { ...credentials, transport, ...(remember && { remember }) }),
      ),
      extend: fromPromise(extend),
      check: fromPromise<{ view: SessionView }, { reason: Reason | null }>(({ input }) => check(input)),
      reauthenticate: fromPromise<SignedIn, { password: string }>(({ input, signal }) => reauthenticate(input, signal)),
      restore: fromPromise(restore),
      signOut: fromPromise<void, { forgetDevice: boolean }>(({ input }) => signOut(input)),
    },
  });
}
