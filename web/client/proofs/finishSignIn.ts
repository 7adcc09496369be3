import { createServerClock, deviceClock } from '../device/clock.ts';
import { localStore, sessionStore } from '../device/storage.ts';
import { here, requestTo, sendAuthenticated, type SigningPorts } from '../http/authenticatedRequests.ts';
import { Refused } from '../http/problem.ts';
import { createTokenStore, type KeyValue } from '../http/tokens.ts';
import { inWindow, ownPath, readReturn, setProblem, setResumed, setReturn } from '../tab/awayForSignIn.ts';
import { channelName, type Message } from '../tab/channel.ts';
import { openPipe } from '../tab/browser.ts';
import type { TabOptions } from '../tab/options.ts';
import { ownNames, ownStorage } from '../tab/ownNames.ts';
import type { ProofTab } from '../tab/proof.types.ts';
import { takeResponse } from '../tab/proving.ts';
import { createPersistedSession, type Shared } from '../work/persistedSession.ts';

/** How the sign-in on this page came out, and what it still has to do. `baseUrl` and `basePath` are those of the tabs. */
export interface FinishOptions extends Pick<TabOptions, 'baseUrl' | 'basePath' | 'transport'> {
  /** Why it did not work, as a problem's code, such as `stale_proof`. Default: it worked. */
  readonly problem?: string | null;
  /**
   * Where an ordinary tab goes that no `redirect` has sent away, as after a plain link to the page that begins the
   * sign-in: a path of this page's own origin, such as `/`. Default: the page tries to close, and stays.
   */
  readonly otherwise?: string;
  /**
   * What this page sends to the server before it is done, such as `code` and `state`; needed where the token is in this
   * browser's storage, for no cookie can be set then. It is given the session that is to go on.
   */
  readonly send?: (tab: Pick<ProofTab, 'fetch' | 'session'>) => Promise<unknown>;
}

async function problemOf(
  send: NonNullable<FinishOptions['send']>,
  { baseUrl = '', transport }: FinishOptions,
  local: KeyValue,
  shared: Shared | null,
): Promise<string | null> {
  const clock = createServerClock(deviceClock);
  const tokens = transport === 'bearer' ? createTokenStore(local) : null;
  const ports: SigningPorts = {
    baseUrl,
    clock,
    tokens,
    fetch: (input, init) => fetch(input, init),
    activity: { declare: () => ({ header: 'user', arrived: () => {} }) },
    known: () => shared && { id: shared.session, version: 0 },
  };
  try {
    const answer = await send({
      session: shared?.session ?? null,
      async fetch(input, init = {}) {
        const { make, isOurs } = requestTo(ports, input, init);
        return isOurs ? (await sendAuthenticated(ports, make, 'user')).response : fetch(make());
      },
    });
    if (answer instanceof Response) await takeResponse(answer, { tokens, now: clock.now });
    return null;
  } catch (error) {
    return error instanceof Refused ? error.code : 'not_signed_in';
  }
}

/**
 * The end of a sign-in on a page of its own: tells the other tabs, which ask the server then, and closes the window, or
 * goes back to the page that sent the user here, if that is a path of this origin, or else to `otherwise`. It starts no
 * tab, and the page needs nothing else of the application.
 *
 * @returns whether the page goes; where it does not, the browser lets no script close it, and the page has to say that the
 *   user can
 * @throws `TypeError` when `otherwise` is not a path of this page's own origin
 */
export async function finishSignIn(options: FinishOptions = {}): Promise<boolean> {
  const { send, otherwise } = options;
  const other = otherwise === undefined ? null : ownPath(otherwise, location.origin);
  if (otherwise !== undefined && other === null)
    throw new TypeError(`otherwise must be a path of this site, such as /, and is ${otherwise}`);
  const ownName = ownNames(options, here());
  const session = ownStorage(sessionStore(), ownName);
  const storages = { local: ownStorage(localStore(), ownName), session };
  const was = createPersistedSession(storages).shared();
  const problem = options.problem ?? (send ? await problemOf(send, options, storages.local, was) : null);
  const channel = openPipe(ownName(channelName));
  channel.postMessage({ kind: 'signedIn', session: '', version: 0, problem } satisfies Message);
  channel.close();
  const sentFrom = readReturn(session);
  const path = sentFrom ?? other;
  setReturn(session, null);
  if (path === null || path === inWindow) {
    window.close();
    return window.closed;
  }
  // Whoever is sent back has left the page: they are told what they gave up, too.
  if (problem !== null) setProblem(session, problem === 'cancelled' ? 'not_signed_in' : problem);
  else if (sentFrom !== null && was) setResumed(session, was.session);
  location.replace(ownPath(path, location.origin) ?? '/');
  return true;
}
