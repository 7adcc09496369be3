import { useEffect, useRef } from 'react';
import { isLiveView, nearestDeadline } from '../../machines/index.ts';
import { momentInWords } from '../messages/momentInWords.ts';
import { useApplicationName } from './ApplicationName.tsx';
import { useCurfew } from './hooks.ts';
import { useMessages } from './provider.tsx';
import { useHidden } from './useHidden.ts';

/** What a user has allowed. */
export interface WarningAlertOptions {
  /** A notification, where the browser's permission is there: to ask for that is yours, in a click. Default `false`. */
  readonly notification?: boolean;
  /** A short sound. Default `false`. */
  readonly sound?: boolean;
}

/**
 * Tells a user of each stage of the warning while the tab is hidden, once, by what they have allowed. What was seen in the
 * page is not told again when it is hidden; a click on the notification leads back to the tab, and it is closed when it is
 * not true any more. For the content of a `SessionGuard`; the time in the document's title needs none of it.
 */
export function useWarningAlert({ notification = false, sound = false }: WarningAlertOptions): void {
  const { phase, stage, view, now } = useCurfew();
  const { warning, language } = useMessages();
  const name = useApplicationName();
  const isHidden = useHidden();
  const deadline = phase === 'warning' && isLiveView(view) ? nearestDeadline(view) : null;
  const about = deadline === null ? null : `${view?.id} ${stage} ${deadline}`;
  const seen = useRef<string>(null);
  const title = name === '' ? warning.documentTitle : `${warning.documentTitle} – ${name}`;
  const text = deadline === null ? '' : warning.notification(momentInWords(deadline, now(), language));
  useEffect(() => {
    if (!isHidden) seen.current = about;
    if (about === null || seen.current === about || !(notification || sound)) return undefined;
    const stop = new AbortController();
    import('../client/device/alertUser.ts').then(
      ({ alertUser }) => alertUser({ title, text, language, about, notification, sound }, stop.signal),
      () => {},
    );
    return () => stop.abort();
  }, [isHidden, about, title, text, language, notification, sound]);
}
