import { useEffect, useRef, type ReactNode } from 'react';
import { deviceClock } from '../client/device/clock.ts';
import { useTitlePrefix } from './documentTitle.ts';
import { useCurfew, useRemaining } from './hooks.ts';
import { Own, type OwnScreen } from './OwnScreen.tsx';
import { useMessages } from './provider.tsx';
import { useHidden } from './useHidden.ts';
import { WarningDialog } from './WarningDialog.tsx';
import { WarningToast } from './WarningToast.tsx';
import { clockText } from '../messages/warningWords.ts';

/** What is seen of the warning. */
export interface SessionWarningProps {
  /** In place of the library's own in both stages; `stage` says which. */
  readonly children?: OwnScreen;
}

/** @returns when a key was pressed last in the page, in ms of the steady clock of the device */
function useLastKey(): { readonly current: number } {
  const last = useRef(-Infinity);
  useEffect(() => {
    const onKey = () => {
      last.current = deviceClock.steady();
    };
    document.addEventListener('keydown', onKey, { capture: true, passive: true });
    return () => document.removeEventListener('keydown', onKey, { capture: true });
  }, []);
  return last;
}

/** Says in the document's title that the user is warned and, while no page shows it, how long is left. */
function WarningTitle(): ReactNode {
  const { warning } = useMessages();
  const remaining = useRemaining() ?? 0;
  useTitlePrefix(warning.documentTitle, useHidden() ? clockText(remaining) : null);
  return null;
}

/** The warning in both its stages, wherever it is put: first beside the work, then before it. */
export function SessionWarning({ children }: SessionWarningProps): ReactNode {
  const { phase, stage } = useCurfew();
  const own = children === undefined ? undefined : <Own screen={children} />;
  const isWarning = phase === 'warning';
  const lastKey = useLastKey();
  return (
    <>
      {isWarning && <WarningTitle />}
      <WarningToast>{own}</WarningToast>
      {isWarning && stage === 'dialog' && <WarningDialog lastKey={lastKey}>{own}</WarningDialog>}
    </>
  );
}
