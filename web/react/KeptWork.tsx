import { useEffect, useState, type ComponentType, type ReactNode } from 'react';
import type { KeptCopiesProps } from './KeptCopies.tsx';
import { useMessages } from './provider.tsx';
import { useForms } from './useForms.ts';

/**
 * What was kept of forms and is not in a field now. The part that shows it is loaded when there is something to show; where
 * that fails, what is kept stays kept, and it is tried again with the next change.
 */
export function KeptWork(): ReactNode {
  const forms = useForms();
  const messages = useMessages();
  const { copies, notKept, unreadable } = forms;
  const count = copies.length + notKept.length + unreadable;
  const [Shown, setShown] = useState<ComponentType<KeptCopiesProps> | null>(null);
  useEffect(() => {
    if (count === 0 || Shown) return;
    void import('./KeptCopies.tsx').then(
      ({ KeptCopies }) => setShown(() => KeptCopies),
      () => {},
    );
  }, [count, Shown]);
  return count > 0 && Shown ? <Shown forms={forms} messages={messages} /> : null;
}
