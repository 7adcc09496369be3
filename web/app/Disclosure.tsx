import type { ReactNode } from 'react';
import { usePanel } from './panels.tsx';

interface DisclosureProps {
  /** Says which it is, on its page. */
  readonly name: string;
  readonly summary: string;
  readonly isOpenAtFirst?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Details on demand, which are as the user left them when the page comes back. */
export function Disclosure({ name, summary, isOpenAtFirst = false, className, children }: DisclosureProps): ReactNode {
  const changed = usePanel(name);
  const isOpen = changed.isOpen !== isOpenAtFirst;
  return (
    <details
      open={isOpen}
      className={className}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open !== isOpen) changed.toggle();
      }}
    >
      <summary>{summary}</summary>
      {children}
    </details>
  );
}
