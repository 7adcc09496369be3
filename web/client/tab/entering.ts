import {
  isLiveView,
  isOtherProof,
  type Instant,
  saysLost,
  type Credentials,
  type OtherProof,
  type Reproof,
  type SessionView,
  type User,
} from '../../../machines/index.ts';
import type { Timer } from '../device/timer.ts';
import { signInWithin } from '../http/client.ts';
import type { Client } from '../http/client.types.ts';
import type { Leaving } from './leaving.ts';
import type { Later } from './loadLater.ts';
import { repeatableSignIn } from './repeatableSignIn.ts';
import { Refused } from '../http/problem.ts';
import type { TokenStore } from '../http/tokens.ts';
import { isAdmission, isMe, isVaultKeys, type Admission, type Me } from '../http/wire.ts';
import type { Work } from '../work/work.types.ts';

/** Tells the tab machine what the server answered, and who is signed in. */
export type TellAnswer = (view: SessionView, user?: User | null) => void;

/** What coming in is done with. */
export interface EnteringPorts {
  readonly client: Client;
  readonly work: Work;
  readonly tokens: TokenStore | null;
  readonly transport: 'cookie' | 'bearer';
  readonly leaving: Leaving;
  readonly later: Later;
  readonly timer: Timer;
  /** The server's clock. */
  readonly now: () => Instant;
  /** The path of the application's own route for passwords; `null` where it is Curfew's. */
  readonly passwordUrl: () => Promise<string | null>;
  /** Whether the browser keeps cookies of this page. */
  readonly hasCookies: () => boolean;
  readonly newId: () => string;
  /** Called when a user answered: what was seen before is no news any more. */
  readonly onAnswered: () => void;
}

/** The ways into a session. Each tells what the server answered once the work is open, and is done then. */
export interface Entering {
  /** @param signal aborts when the answer is not waited for any more: no key is taken then */
  readonly resume: (tell: TellAnswer, signal: AbortSignal) => Promise<void>;
  readonly signIn: (proof: Credentials | OtherProof, tell: TellAnswer) => Promise<void>;
  readonly reauthenticate: (proof: Reproof, tell: TellAnswer) => Promise<void>;
  /** Proves who the user is while the content is shown. @throws `Refused` */
  readonly proveAgain: (proof: Reproof) => Promise<void>;
  readonly restore: (tell: TellAnswer) => Promise<void>;
  /** Opens the work of a live session. @returns whose it is. @throws `Refused` */
  readonly unlock: (view: SessionView) => Promise<User>;
}

const userIn = ({ user: { id, username, name, role } }: Me): User => {
  const shown = [username, name].find((each) => typeof each === 'string');
  return { id, username: shown ?? '', ...(typeof role === 'string' && { role }) };
};

async function resume(
  { client, work, tokens, leaving }: EnteringPorts,
  unlock: (view: SessionView, signal: AbortSignal) => Promise<User>,
  tell: TellAnswer,
  signal: AbortSignal,
): Promise<void> {
  await leaving.finish();
  if (tokens && tokens.read() === null) return;
  try {
    const view = await client.sessionInfo(true);
    if (isLiveView(view)) {
      const user = await unlock(view, signal);
      await work.restore();
      return tell(view, user);
    }
    // It was live a moment ago, and its keys may have come.
    if (work.isOpen()) await work.lock();
    tell(view, work.recall(view.id));
  } catch (error) {
    if (!(error instanceof Refused) || !saysLost(error)) throw error;
  }
}

/** Begins a proof at once, in the click, for it may open a window. */
function begun({ prove }: OtherProof, before: Promise<unknown> = Promise.resolve()): () => Promise<unknown> {
  const proved = prove(before);
  proved.catch(() => {});
  return () => proved;
}

/** Sends user name and password; sent again because no answer came, it is the same sign-in. */
function signInByPassword({ client, transport, hasCookies, newId, now }: EnteringPorts) {
  const repeatable = repeatableSignIn(newId);
  return async ({ register, remember, ...credentials }: Credentials): Promise<Admission> => {
    if (transport === 'cookie' && !hasCookies()) throw new Refused('cookies_blocked', now());
    const json = { ...credentials, transport, ...(remember && { remember }) };
    const path = register ? '/register' : '/login';
    return repeatable([path, credentials.username, remember], (key) =>
      client.call(path, isAdmission, {
        method: 'POST',
        json,
        headers: { 'Idempotency-Key': key },
        anonymous: true,
        quiet: true,
        within: signInWithin,
      }),
    );
  };
}

/** The ways into a session, for one tab. */
export function createEntering(ports: EnteringPorts): Entering {
  const { client, work, leaving, onAnswered } = ports;
  /** What the server says of a live session, as a sign-in with a password is answered. */
  async function admissionTo(session: SessionView): Promise<Admission> {
    const user = userIn(await client.call('/me', isMe, { quiet: true }));
    const keys = await client.call('/vault-key', isVaultKeys, { quiet: true });
    return { user, session, ...keys };
  }

  async function unlock(view: SessionView, signal?: AbortSignal): Promise<User> {
    const open = work.opening();
    const admission = await admissionTo(view);
    signal?.throwIfAborted();
    const { user } = await open(admission);
    return user;
  }

  /** Waits for a proof other than a password, and asks the server what came of it. */
  async function admissionBy(prove: () => Promise<unknown>, quiet: boolean): Promise<Admission> {
    await client.duringProof(prove);
    const view = await client.sessionInfo(quiet);
    if (!isLiveView(view)) throw new Refused('not_signed_in', view.serverNow);
    return admissionTo(view);
  }

  const signInWith = signInByPassword(ports);

  async function admissionWith(password: string, quiet: boolean): Promise<Admission> {
    const url = await ports.passwordUrl();
    if (url === null) return client.prove(password, quiet);
    const { postPassword } = await ports.later.load();
    return admissionBy(() => postPassword(ports, url, password), quiet);
  }

  /** @param quiet leaves what follows from the answer to the caller */
  const reproved = (proof: Reproof, quiet: boolean): Promise<Admission> =>
    isOtherProof(proof) ? admissionBy(begun(proof), quiet) : admissionWith(proof.password, quiet);

  return {
    unlock,
    resume: (tell, signal) => resume(ports, unlock, tell, signal),
    async signIn(proof, tell) {
      const finished = leaving.finish();
      const proved = isOtherProof(proof) ? begun(proof, finished) : null;
      await finished;
      const open = work.opening();
      const admission = isOtherProof(proof) ? admissionBy(proved ?? begun(proof), true) : signInWith(proof);
      const { user, view } = await open(await admission);
      await work.restore();
      tell(view, user);
    },
    async reauthenticate(proof, tell) {
      const open = work.opening();
      const admission = await reproved(proof, true);
      onAnswered();
      const { user, view } = await open(admission);
      tell(view, user);
    },
    async proveAgain(proof) {
      const open = work.opening();
      await open(await reproved(proof, false));
    },
    async restore(tell) {
      if (!work.isOpen()) {
        const view = await client.sessionInfo(true);
        tell(view);
        await unlock(view);
      }
      await work.restore();
    },
  };
}
