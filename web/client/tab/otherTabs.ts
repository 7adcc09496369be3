import type { SessionView, TabEvent } from '../../../machines/index.ts';
import { channelName, openChannel, type Channel, type Pipe } from './channel.ts';

/** What talking to the other tabs of this browser takes. */
export interface OtherTabsPorts {
  readonly openPipe: (name: string) => Pipe;
  /** The newest this tab knows, `null` when it knows of no session. */
  readonly known: () => { readonly id: string; readonly version: number } | null;
  readonly send: (event: TabEvent) => void;
  /** Called with a view that another tab told. */
  readonly onView: (view: SessionView) => void;
  /** Called when another tab has signed in, with the session where that is named. */
  readonly onSignIn: (session: string) => void;
}

/** The other tabs of this browser. */
export interface OtherTabs {
  /** Begins to listen to them. @returns what ends it */
  readonly listen: () => () => void;
  /** Tells them a view, unless this tab knew it already. */
  readonly announce: (view: SessionView) => void;
  /** Tells them that the user signed out here. */
  readonly announceSignOut: () => void;
}

export function createOtherTabs({ openPipe, known, send, onView, onSignIn }: OtherTabsPorts): OtherTabs {
  let channel: Channel | null = null;
  return {
    listen() {
      const opened = openChannel(openPipe(channelName), {
        known,
        onView,
        onSignIn,
        onSignedOut: (reason) => send({ type: 'server.refused', reason }),
        onRevalidate: () => send({ type: 'revalidation.asked' }),
      });
      channel = opened;
      return () => opened.close();
    },
    // What the stream says is told on, too: it may be faster than the answer, and tabs in the background have none.
    // Another session is told as well: a tab that shows the one before has to ask whether it is still its own.
    announce(view) {
      const here = known();
      if (here?.id !== view.id || view.version > here.version)
        channel?.tell({ kind: 'view', session: view.id, version: view.version, view });
    },
    announceSignOut() {
      const here = known();
      if (here) channel?.tell({ kind: 'signedOut', session: here.id, version: here.version, reason: 'signed_out' });
    },
  };
}
