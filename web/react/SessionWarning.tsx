import type { ReactNode } from 'react';
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

/** The warning in both its stages, wherever it is put: first beside the work, then before it. */
export function SessionWarning({ children }: SessionWarningProps): ReactNode {
  const { phase, stage } = useCurfew();
  const own = children === undefined ? undefined : <Own screen={children} />;
  const { warning } = useMessages();
  const isWarning = phase === 'warning';
  useTitlePrefix(isWarning ? warning.documentTitle : null);
  return (
    <>
      <WarningToast>{own}</WarningToast>
      {isWarning && stage === 'dialog' && <WarningDialog>{own}</WarningDialog>}
    </>
  );
}
