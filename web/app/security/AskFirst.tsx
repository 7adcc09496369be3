import { useRef, useState, type ReactNode } from 'react';
import { Confirm, type ConfirmProps } from './Confirm.tsx';

interface AskFirstProps extends Omit<ConfirmProps, 'onOver'> {
  readonly label: string;
  /** Id of what the button is about. */
  readonly describedBy?: string;
}

/** A button that asks before it does anything, and has the focus back when the answer was no. */
export function AskFirst({ label, describedBy, ...confirm }: AskFirstProps): ReactNode {
  const [isAsked, setAsked] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const over = () => {
    setAsked(false);
    button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="curfew-button"
        aria-expanded={isAsked}
        aria-describedby={describedBy}
        onClick={() => setAsked(!isAsked)}
      >
        {label}
      </button>
      {isAsked && <Confirm {...confirm} onOver={over} />}
    </>
  );
}
