import { useEffect, useRef, type ReactNode } from 'react';
import { deviceClock } from '../client/device/clock.ts';
import { useTitlePrefix } from './documentTitle.ts';
import { useCurfew } from './hooks.ts';
import { Own, type OwnScreen } from './OwnScreen.tsx';
import { useMessages } from './provider.tsx';
import { WarningDialog } from './WarningDialog.tsx';
import { WarningToast } from './WarningToast.tsx';

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

/** The warning in both its stages, wherever it is put: first beside the work, then before it. */
export function SessionWarning({ children }: SessionWarningProps): ReactNode {
  const { phase, stage } = useCurfew();
  const own = children === undefined ? undefined : <Own screen={children} />;
  const { warning } = useMessages();
  const isWarning = phase === 'warning';
  const lastKey = useLastKey();
  useTitlePrefix(isWarning ? warning.documentTitle : null);
  return (
    <>
      <WarningToast>{own}</WarningToast>
      {isWarning && stage === 'dialog' && <WarningDialog lastKey={lastKey}>{own}</WarningDialog>}
    </>
  );
}
