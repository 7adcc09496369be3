import { useState, type ReactNode } from 'react';
import { useActor } from '../index.ts';

/** With `?inspect`: one button that shows this tab's machines to the XState inspector, in a window of its own. */
export function InspectSwitch({ receiver }: { readonly receiver: URL }): ReactNode {
  const actor = useActor();
  const [state, setState] = useState<'off' | 'on' | 'failed'>('off');
  if (state === 'on') return null;
  const attach = async () => {
    const target = window.open(receiver.href, 'xstateinspector');
    try {
      const { attach: attachTo } = await import('./inspector/attach.ts');
      if (target) attachTo(actor(), target, receiver.origin);
      setState(target ? 'on' : 'failed');
    } catch {
      setState('failed');
    }
  };
  return (
    <p className="app-inspect">
      <button type="button" className="curfew-button" onClick={() => void attach()}>
        Attach the XState inspector
      </button>
      {state === 'failed' && <span role="alert">The inspector’s window could not be opened.</span>}
    </p>
  );
}
