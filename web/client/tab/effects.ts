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
} from '../../../machines/index.ts';
import { alarmActor, type AlarmPorts } from '../device/timer.ts';
import type { Client } from '../http/client.ts';
import { Refused } from '../http/problem.ts';
import type { PersistedSession } from './persistedSession.ts';
import type { TokenStore } from '../http/tokens.ts';
import { isAdmission, isNothing, isRecord, isUser, isVaultKeys } from '../http/wire.ts';
import type { Work } from '../work/work.types.ts';

/** What the effects of the tab machine are made of. */
export interface EffectPorts extends AlarmPorts {
  readonly client: Client;
  readonly work: Work;
  readonly remembered: PersistedSession;
  readonly tokens: TokenStore | null;
  readonly transport: 'cookie' | 'bearer';
  /** The session this tab is about. */
  readonly known: () => { readonly id: string } | null;
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
    const open = work.opening();
    const { user } = await client.call('/me', isMe, { quiet: true });
    const keys = await client.call('/vault-key', isVaultKeys, { quiet: true });
    await open({ user, session: view, ...keys });
    return user;
  }

  async function enter(path: string, json: object): Promise<SignedIn> {
    await finishLeaving();
    const open = work.opening();
    const signedIn = await open(await client.call(path, isAdmission, { method: 'POST', json, anonymous: true }));
    await work.restore();
    return signedIn;
  }

  async function resume(): Promise<Resumed> {
    await finishLeaving();
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

  /** Tells the server that this session is over. What belongs to one that began since stays. */
  async function leaveServer(session: string, forgetDevice: boolean): Promise<void> {
    try {
      await client.call('/logout', isNothing, { method: 'POST', json: { forgetDevice }, quiet: true });
    } catch (error) {
      if (!(error instanceof Refused) || error.code === 'network' || error.code === 'unavailable') throw error;
    }
    if ((remembered.shared()?.session ?? session) !== session) return;
    tokens?.erase();
    remembered.setShared(null);
  }

  /** Whoever has signed out is signed out, even if the server could not be reached then. */
  async function finishLeaving(): Promise<void> {
    const shared = remembered.shared();
    const here = ports.known()?.id ?? shared?.session;
    // A tab that is about another session cannot speak for this one.
    if (!shared?.leaving || here !== shared.session) return;
    await work.erase(here);
    await leaveServer(here, shared.leaving.forgetDevice);
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

  async function check(reason: Reason | null, signal: AbortSignal): Promise<{ view: SessionView }> {
    // Whoever signed out has erased everything; nothing that this tab saved meanwhile may stay or come back.
    if (reason === 'signed_out') await work.erase(ports.known()?.id);
    else await work.hide();
    let isShown = false;
    try {
      await finishLeaving();
      const view = await ask();
      if (isLiveView(view) && !signal.aborted) {
        if (work.isOpen()) work.show();
        else {
          await unlock(view);
          await work.restore();
        }
        isShown = true;
      }
      return { view };
    } finally {
      if (!isShown && !signal.aborted) await work.lock();
    }
  }

  async function extend(): Promise<{ view: SessionView }> {
    const view = await client.refresh('extend');
    ports.onAnswered();
    return { view };
  }

  async function reauthenticate({ password }: { readonly password: string }): Promise<SignedIn> {
    const open = work.opening();
    const answer = await client.prove(password, true);
    ports.onAnswered();
    return open(answer);
  }

  async function restore(): Promise<void> {
    if (!work.isOpen()) await unlock(await client.sessionInfo(true));
    await work.restore();
  }

  async function signOut({ forgetDevice }: { readonly forgetDevice: boolean }): Promise<void> {
    const session = ports.known()?.id ?? '';
    const shared = remembered.shared();
    // First of all, so that a reload goes on with it.
    if (!shared || shared.session === session)
      remembered.setShared({ session, home: shared?.home ?? '', leaving: { forgetDevice } });
    const erased = work.erase(session);
    try {
      await leaveServer(session, forgetDevice);
    } finally {
      await erased;
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
      check: fromPromise<{ view: SessionView }, { reason: Reason | null }>(({ input: { reason }, signal }) =>
        check(reason, signal),
      ),
      reauthenticate: fromPromise<SignedIn, { password: string }>(({ input }) => reauthenticate(input)),
      restore: fromPromise(restore),
      signOut: fromPromise<void, { forgetDevice: boolean }>(({ input }) => signOut(input)),
    },
  });
}
