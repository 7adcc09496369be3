import { isLiveView, isReason, type Reason, type SessionView } from '../../../machines/index.ts';
import { isRecord, isView } from '../http/wire.ts';

/** By which name the tabs of a browser hear each other. */
export const channelName = 'curfew';

/** What tabs tell each other. Every message names the session and the version it is about. */
export type Message =
  | { readonly kind: 'view'; readonly session: string; readonly version: number; readonly view: SessionView }
  | { readonly kind: 'signedOut'; readonly session: string; readonly version: number; readonly reason: Reason }
  // From a page that shows no session: every tab asks the server. `problem` is why the sign-in there did not work.
  | { readonly kind: 'signedIn'; readonly session: ''; readonly version: 0; readonly problem: string | null };

/** The part of a `BroadcastChannel` this needs. */
export interface Pipe {
  readonly postMessage: (message: unknown) => void;
  readonly addEventListener: (type: 'message', listener: (event: { readonly data: unknown }) => void) => void;
  readonly close: () => void;
}

/** @returns what a page of sign-in tells: a problem's code, or `null` when it worked; `undefined` for other messages. */
export function problemTold(message: unknown): string | null | undefined {
  if (!isRecord(message) || message['kind'] !== 'signedIn') return undefined;
  return typeof message['problem'] === 'string' ? message['problem'] : null;
}

/** What a tab does with what it hears. */
export interface Hearing {
  /** The newest this tab knows, `null` when it knows of no session. */
  readonly known: () => { readonly id: string; readonly version: number } | null;
  readonly onView: (view: SessionView) => void;
  readonly onSignedOut: (reason: Reason) => void;
  /** Something is not as this tab knows it: the server has to be asked. */
  readonly onRevalidate: () => void;
  /** Another tab has signed in: to a session that this tab does not know, empty where it is not named. */
  readonly onSignIn: (session: string) => void;
}

/** What other tabs hear of this one. */
export interface Channel {
  readonly tell: (message: Message) => void;
  readonly close: () => void;
}

/** Only for speed: a tab that misses a message, or gets it late from a frozen tab's queue, finds out from the server. */
export function openChannel(pipe: Pipe, { known, onView, onSignedOut, onRevalidate, onSignIn }: Hearing): Channel {
  pipe.addEventListener('message', ({ data }) => {
    const here = known();
    if (!isRecord(data)) return;
    const { kind, session, version, view, reason } = data;
    if (typeof session !== 'string' || typeof version !== 'number') return;
    const isLive = kind === 'view' && isView(view) && view.id === session && isLiveView(view);
    if (session !== here?.id && (isLive || problemTold(data) === null)) onSignIn(session);
    if (here === null) return;
    if (session !== here.id) onRevalidate();
    else if (version < here.version) return kind === 'signedOut' ? onRevalidate() : undefined;
    else if (kind === 'signedOut' && isReason(reason)) onSignedOut(reason);
    else if (version === here.version) return;
    else if (kind === 'view' && isView(view) && view.id === session && view.version === version) onView(view);
    else onRevalidate();
  });
  return {
    tell: (message) => pipe.postMessage(message),
    close: () => pipe.close(),
  };
}
