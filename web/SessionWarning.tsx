import { useEffect, useState, type ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { WarningDialog } from './WarningDialog.tsx';
import { WarningToast } from './WarningToast.tsx';

/** Puts a few words before the document's title for as long as they are true, whatever the title becomes meanwhile. */
export function useTitlePrefix(prefix: string | null): void {
  useEffect(() => {
    if (prefix === null) return undefined;
    const start = `${prefix} – `;
    const put = () => {
      if (!document.title.startsWith(start)) document.title = start + document.title;
    };
    put();
    const observer = new MutationObserver(put);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => {
      observer.disconnect();
      if (document.title.startsWith(start)) document.title = document.title.slice(start.length);
    };
  }, [prefix]);
}

/** The warning in both its stages, wherever it is put: first beside the work, then before it. */
export function SessionWarning(): ReactNode {
  const { phase, stage } = useCurfew();
  const isWarning = phase === 'warning';
  const [isDismissed, setDismissed] = useState(false);
  if (!isWarning && isDismissed) setDismissed(false);
  useTitlePrefix(isWarning ? 'Signing out soon' : null);
  if (!isWarning) return null;
  if (stage === 'dialog') return <WarningDialog />;
  return (
    <div className="curfew-toasts">
      <WarningToast isDismissed={isDismissed} onDismiss={() => setDismissed(true)} />
    </div>
  );
}
