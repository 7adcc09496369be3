import { useId, useState, type ReactNode } from 'react';
import { ProveForm } from '../../react/index.ts';
import type { Trouble } from '../api.ts';
import { Failure } from '../Failure.tsx';
import { plainWords, type AppWords } from '../words.ts';

/** What is asked, and what follows. */
export interface ConfirmProps {
  readonly question: string;
  /** The answer that does it. */
  readonly yes: string;
  /** The answer that changes nothing. */
  readonly no: string;
  /** What it comes to, as it stands after “We couldn’t” in English. */
  readonly what: string;
  /** The language of all that. Default English. */
  readonly words?: AppWords;
  /** Does it. @returns why it was not done */
  readonly onYes: () => Promise<Trouble | null>;
  /** It was decided otherwise, or it is done. */
  readonly onOver: () => void;
}

/**
 * Asks before something that cannot be undone; the safe answer has the focus. When the server wants to know first who is
 * here, the password is asked for in the same place, and then it is done.
 *
 * @see ASVS 5.0 7.5.1, 7.5.2
 */
export function Confirm({ question, yes, no, what, words = plainWords, onYes, onOver }: ConfirmProps): ReactNode {
  const [step, setStep] = useState<'asked' | 'doing' | 'proving' | 'proved'>('asked');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const why = useId();
  const isDoing = step === 'doing' || step === 'proved';
  const go = async (from: 'doing' | 'proved') => {
    if (isDoing) return;
    setStep(from);
    setTrouble(null);
    const refused = await onYes();
    if (refused === null) return onOver();
    setTrouble(refused === 'unproved' ? null : refused);
    setStep(refused === 'unproved' ? 'proving' : 'asked');
  };
  return (
    <div role="group" aria-label={question} className="app-confirm">
      <p>{question}</p>
      {step === 'proving' ? (
        <>
          <p id={why}>{words.confirm.proveFirst}</p>
          <ProveForm label={yes} describedBy={why} isFirst isDangerous onProved={() => void go('proved')}>
            <button type="button" className="curfew-button" onClick={onOver}>
              {no}
            </button>
          </ProveForm>
        </>
      ) : (
        <>
          <button type="button" className="curfew-button" onClick={onOver} autoFocus={step === 'asked'}>
            {no}
          </button>
          <button
            type="button"
            className="curfew-button curfew-button-danger"
            aria-disabled={isDoing}
            autoFocus={step === 'proved'}
            onClick={() => void go('doing')}
          >
            {isDoing ? words.confirm.moment : yes}
          </button>
        </>
      )}
      {trouble && <Failure what={what} trouble={trouble} words={words} />}
    </div>
  );
}
