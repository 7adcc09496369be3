import { useRef, type ReactNode } from 'react';
import { usePanel } from '../panels.tsx';
import { Confirm, type ConfirmProps } from './Confirm.tsx';

interface AskFirstProps extends Omit<ConfirmProps, 'onOver'> {
  /** Says which question it is, on its page. */
  readonly name: string;
  readonly label: string;
  /** Id of what the button is about. */
  readonly describedBy?: string;
}

/** A button that asks before it does anything, and has the focus back when the answer was no. */
export function AskFirst({ name, label, describedBy, ...confirm }: AskFirstProps): ReactNode {
  const { isOpen: isAsked, shut, toggle } = usePanel(name);
  const button = useRef<HTMLButtonElement>(null);
  const over = () => {
    shut();
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
        onClick={toggle}
      >
        {label}
      </button>
      {isAsked && <Confirm {...confirm} onOver={over} />}
    </>
  );
}
