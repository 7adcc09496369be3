import type { Client } from '../http/client.types.ts';
import { Refused } from '../http/problem.ts';
import type { PersistedSession } from '../work/persistedSession.ts';
import type { TokenStore } from '../http/tokens.ts';
import { isNothing } from '../http/wire.ts';
import type { Work } from '../work/work.types.ts';

/** What signing out is done with. */
export interface LeavingPorts {
  readonly client: Client;
  readonly work: Work;
  readonly persistedSession: PersistedSession;
  readonly tokens: TokenStore | null;
  /** The session this tab is about. */
  readonly known: () => { readonly id: string } | null;
  /** Called when the user signed out here, so that other tabs hear of it. */
  readonly onSignedOut: () => void;
}

/** How a tab signs out. */
export interface Leaving {
  readonly signOut: (how: { readonly forgetDevice: boolean }) => Promise<void>;
  /** Tells the server of an earlier sign-out that it could not hear of then. */
  readonly finish: () => Promise<void>;
}

/** Signing out: here at once, and at the server as soon as it can be reached. */
export function createLeaving({ client, work, persistedSession, tokens, known, onSignedOut }: LeavingPorts): Leaving {
  /** Tells the server that this session is over. What belongs to one that began since stays. */
  async function leaveServer(session: string, forgetDevice: boolean): Promise<void> {
    try {
      await client.call('/logout', isNothing, { method: 'POST', json: { forgetDevice }, quiet: true });
    } catch (error) {
      if (!(error instanceof Refused) || error.code === 'network' || error.code === 'unavailable') throw error;
    }
    if ((persistedSession.shared()?.session ?? session) !== session) return;
    tokens?.delete();
    persistedSession.setShared(null);
  }

  return {
    async finish() {
      const shared = persistedSession.shared();
      const here = known()?.id ?? shared?.session;
      // A tab that is about another session cannot speak for this one.
      if (!shared?.leaving || here !== shared.session) return;
      await work.delete(here);
      await leaveServer(here, shared.leaving.forgetDevice);
    },
    async signOut({ forgetDevice }) {
      const session = known()?.id ?? '';
      const shared = persistedSession.shared();
      // First of all, so that a reload goes on with it.
      if (!shared || shared.session === session)
        persistedSession.setShared({ session, home: shared?.home ?? '', leaving: { forgetDevice } });
      const deleted = work.delete(session);
      try {
        await leaveServer(session, forgetDevice);
      } finally {
        await deleted;
        // Only now, so that a tab that asks the server hears the same.
        onSignedOut();
      }
    },
  };
}
