import type { ReactNode } from 'react';
import { useTitlePrefix } from './documentTitle.ts';
import { useCurfew } from './hooks.ts';
import { WarningDialog } from './WarningDialog.tsx';
import { WarningToast } from './WarningToast.tsx';

/** The warning in both its stages, wherever it is put: first beside the work, then before it. */
export function SessionWarning(): ReactNode {
  const { phase, stage } = useCurfew();
  const isWarning = phase === 'warning';
  useTitlePrefix(isWarning ? 'Signing out soon' : null);
  return (
    <>
      <WarningToast />
      {isWarning && stage === 'dialog' && <WarningDialog />}
    </>
  );
}
