import type { ReactNode } from 'react';
import type { DraftStatus } from '../react/index.ts';

const quiet: Partial<Record<DraftStatus, string>> = { saved: 'Saved', saving: 'Saving…', unsaved: 'Saving…' };

const loud: Partial<Record<DraftStatus, string>> = {
  'not-on-this-device': 'Not saved on this device, only on the server.',
  failed: 'Not saved. Copy it elsewhere before you leave.',
};

/** How safe what is written is. Only what is not as it should be is spoken. @see WCAG 4.1.3 */
export function DraftStatusLine({
  value,
  status,
}: {
  readonly value: string;
  readonly status: DraftStatus;
}): ReactNode {
  return (
    <span className="app-status" data-status={value === '' ? undefined : status}>
      <span>{value !== '' && quiet[status]}</span>
      <span role="status">{value !== '' && loud[status]}</span>
    </span>
  );
}
