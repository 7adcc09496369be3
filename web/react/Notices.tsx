import { useSyncExternalStore, type ReactNode } from 'react';
import { useMessages, useTab } from './provider.tsx';
import { written } from '../messages/language.ts';

/** Says what this browser keeps from working, once, until it has been read. @see WCAG 2.2 SC 4.1.3 */
export function Notices(): ReactNode {
  const { notices } = useTab();
  const codes = useSyncExternalStore(notices.subscribe, notices.list, notices.list);
  const messages = useMessages();
  return (
    <div className="curfew-notices" role="status" {...written(messages.language)}>
      {codes.map((code) => (
        <p key={code} className="curfew-note">
          {messages.notices[code]}{' '}
          <button type="button" className="curfew-button" onClick={() => notices.dismiss(code)}>
            {messages.warning.dismiss}
          </button>
        </p>
      ))}
    </div>
  );
}
