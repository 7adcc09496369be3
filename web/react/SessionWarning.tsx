import type { ReactNode } from 'react';
import { useTitlePrefix } from './documentTitle.ts';
import { useCurfew } from './hooks.ts';
import { useMessages } from './provider.tsx';
import { WarningDialog } from './WarningDialog.tsx';
import { WarningToast } from './WarningToast.tsx';

/** The warning in both its stages, wherever it is put: first beside the work, then before it. */
export function SessionWarning(): ReactNode {
  const { phase, stage } = useCurfew();
  const { warning } = useMessages();
  const isWarning = phase === 'warning';
  useTitlePrefix(isWarning ? warning.documentTitle : null);
  return (
    <>
      <WarningToast />
      {isWarning && stage === 'dialog' && <WarningDialog />}
    </>
  );
}
