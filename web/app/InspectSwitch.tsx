import { useState, type ReactNode } from 'react';
import { useActor } from '../react/index.ts';
import { openInspector } from './inspectorWindow.ts';
import { TellLog, type Told } from './tellLog.ts';

interface InspectSwitchProps {
  /** The page that receives; `null` when nobody asked for one, and then there is nothing to see. */
  readonly receiver: URL | null;
  readonly children: ReactNode;
}

/** With `?inspect`: one button that shows this tab's machines to the XState inspector, in a window of its own. */
export function InspectSwitch({ receiver, children }: InspectSwitchProps): ReactNode {
  const actor = useActor();
  const [told, setTold] = useState<Told | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const attach = async (url: URL) => {
    const opened = openInspector(url);
    try {
      const { attach: attachTo } = await import('./inspector/attach.ts');
      if (opened) {
        const tell = attachTo(actor, opened);
        setTold(() => tell);
      }
      setFailed(!opened);
    } catch {
      setFailed(true);
    }
  };
  return (
    <TellLog value={told}>
      {children}
      {receiver && !told && (
        <p className="app-inspect">
          <button type="button" className="curfew-button" onClick={() => void attach(receiver)}>
            Attach the XState inspector
          </button>
          {hasFailed && <span role="alert">The inspector’s window could not be opened.</span>}
        </p>
      )}
    </TellLog>
  );
}
