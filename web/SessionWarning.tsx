import { useEffect, useState, type ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { Spoken } from './Spoken.tsx';
import { WarningDialog } from './WarningDialog.tsx';
import { WarningToast } from './WarningToast.tsx';

/** Puts a few words before the document's title for as long as they are true. */
export function useTitlePrefix(prefix: string | null): void {
  useEffect(() => {
    if (prefix === null) return undefined;
    const before = document.title;
    document.title = `${prefix} – ${before}`;
    return () => {
      if (document.title === `${prefix} – ${before}`) document.title = before;
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
  if (isWarning && stage === 'dialog') return <WarningDialog />;
  return (
    <div className="curfew-toasts">
      <div data-curfew-ui="">{isWarning && <Spoken />}</div>
      {isWarning && !isDismissed && <WarningToast onDismiss={() => setDismissed(true)} />}
    </div>
  );
}
