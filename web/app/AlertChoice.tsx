import { useState, type ReactNode } from 'react';
import type { Settings } from './shapes.ts';

type Alerts = Pick<Settings, 'notification' | 'sound'>;

const isAllowedHere = (): boolean => 'Notification' in globalThis && Notification.permission === 'granted';

/** Asks the user, in the browser's own words: only ever in a click of theirs. @returns whether they allow it */
async function isAllowed(): Promise<boolean> {
  if (!('Notification' in globalThis)) return false;
  return (await Notification.requestPermission()) === 'granted';
}

interface AlertChoiceProps {
  /** `undefined` until it is known: nothing can be chosen before that. */
  readonly value: Alerts | undefined;
  readonly onChoose: (change: Partial<Alerts>) => void;
}

/** How the user is warned while they look at something else. What a browser has to allow is asked for when it is chosen. */
export function AlertChoice({ value, onChoose }: AlertChoiceProps): ReactNode {
  const [isRefused, setRefused] = useState(false);
  const notify = async (notification: boolean) => {
    setRefused(false);
    if (!notification || (await isAllowed())) onChoose({ notification });
    else setRefused(true);
  };
  return (
    <>
      <fieldset className="app-choice" disabled={value === undefined} data-curfew-skip="">
        <legend>Before you are signed out, while this tab is hidden</legend>
        <label>
          <input
            type="checkbox"
            checked={value?.notification === true && isAllowedHere()}
            onChange={({ target }) => void notify(target.checked)}
          />
          Show a notification
        </label>
        <label>
          <input
            type="checkbox"
            checked={value?.sound === true}
            onChange={({ target }) => onChoose({ sound: target.checked })}
          />
          Play a short sound
        </label>
      </fieldset>
      <p role="status" className="app-quiet">
        {isRefused && 'Your browser doesn’t let this page show notifications. Allow it there, then choose this again.'}
      </p>
    </>
  );
}
