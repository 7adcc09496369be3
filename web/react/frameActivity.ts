import { useEffect, type RefObject } from 'react';
import { watchInput } from '../client/device/input.ts';
import { useTab } from './provider.tsx';
import { isRecord } from '../client/http/wire.ts';

const kind = 'curfew.activity';
/** At most one message in this time, in ms: more would tell nothing more. */
const quietFor = 1_000;

function exact(origin: string): string {
  if (new URL(origin).origin === origin) return origin;
  throw new Error(`"${origin}" is not an origin; one is written like https://example.org`);
}

/**
 * For a page that is framed by an application of another origin: tells that application, and no other, when a user
 * did something here. Nothing is told of what they did.
 *
 * @param applicationOrigin exactly, as in `https://example.org`
 * @returns what stops it.
 */
export function tellActivity(applicationOrigin: string, page: Window = window): () => void {
  const target = exact(applicationOrigin);
  let toldAt = -Infinity;
  let wasDeed = false;
  return watchInput(page, (isDeed) => {
    const now = page.document.timeline.currentTime;
    const at = typeof now === 'number' ? now : 0;
    if (at - toldAt < quietFor && (wasDeed || !isDeed)) return;
    toldAt = at;
    wasDeed = isDeed;
    page.parent.postMessage({ kind, isDeed }, target);
  });
}

/**
 * Counts what a user does in a frame of another origin, whose page calls `tellActivity`. That page is believed: it can
 * keep the session from its idle limit, so give only an origin that may.
 *
 * @param origin exactly, as in `https://example.org`; messages of any other, or of any other window, are ignored.
 */
export function useFrameActivity(frame: RefObject<HTMLIFrameElement | null>, origin: string): void {
  const { recordActivity } = useTab();
  useEffect(() => {
    const from = exact(origin);
    const onMessage = (event: MessageEvent<unknown>) => {
      if (event.origin !== from || event.source === null || event.source !== frame.current?.contentWindow) return;
      if (isRecord(event.data) && event.data['kind'] === kind) recordActivity(event.data['isDeed'] === true);
    };
    addEventListener('message', onMessage);
    return () => removeEventListener('message', onMessage);
  }, [frame, origin, recordActivity]);
}
