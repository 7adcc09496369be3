import { isLiveView } from '../../../machines/index.ts';
import { hasView } from '../http/answers.ts';
import type { Client } from '../http/client.types.ts';
import { isMe } from '../http/wire.ts';
import type { TokenStore } from '../http/tokens.ts';
import type { Run } from './run.ts';

/** What following another tab is done with. */
export interface FollowingPorts {
  readonly client: Client;
  readonly tokens: TokenStore | null;
  readonly run: () => Pick<Run, 'context' | 'send' | 'state'>;
}

/** One tab that waits for another to sign in. */
export interface Following {
  /** To be called at every change of what the tab shows: what ends a session may come later than what begins another. */
  readonly look: () => void;
  /** @param session what another tab has told of, empty where it told of none by name */
  readonly hear: (session: string) => void;
  /** To be called when another tab has stored something: a token may be stored here after the sign-in was told of. */
  readonly seeStored: () => void;
}

/** Whose session this browser has, whichever this tab was about. */
const here = { asBrowser: true, quiet: true } as const;

/**
 * Follows another tab of this browser that has signed in: from the sign-in page, unless the user has said that they are
 * somebody else, and from the screen that says why the session is over, where it is the same user. The server says who it is.
 */
export function createFollowing({ client, tokens, run }: FollowingPorts): Following {
  /** A session that was heard of, and not asked about yet. */
  let heard: string | null = null;
  /** What this tab does not follow. */
  let refused: string | null = null;
  let isAsking = false;
  /** The bearer token that was seen last. */
  let token = tokens?.read() ?? null;

  const waits = (): boolean => {
    const { phase } = run().state();
    return phase === 'ended' || (phase === 'signedOut' && !run().context().isAnother);
  };

  async function isOurs(): Promise<boolean> {
    const { user } = run().context();
    const { session } = await client.call('/session-info', hasView, here);
    if (!isLiveView(session)) return false;
    if (run().state().phase !== 'ended') return true;
    const me = await client.call('/me', isMe, here);
    return user?.id === me.user.id;
  }

  function look(): void {
    if (heard === null || isAsking || !waits()) return;
    const asked = heard;
    heard = null;
    isAsking = true;
    token = tokens?.read() ?? null;
    void isOurs()
      .catch(() => false)
      .then((isTaken) => {
        isAsking = false;
        if (!isTaken) refused = asked;
        else if (waits()) run().send({ type: 'signIn.asked', prove: () => Promise.resolve() });
        look();
      });
  }

  function hear(session: string): void {
    if (session !== '' && session === refused) return;
    heard = session;
    look();
  }

  return {
    look,
    hear,
    seeStored() {
      const stored = tokens?.read() ?? null;
      if (stored === null || stored === token) return;
      token = stored;
      hear('');
      if (run().state().phase === 'locked') run().send({ type: 'revalidation.asked' });
    },
  };
}
