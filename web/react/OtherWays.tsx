import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import type { TabProblem } from '../../machines/index.ts';
import { useCurfew } from './hooks.ts';
import { problemInWords } from '../messages/problemInWords.ts';
import { useMessages } from './provider.tsx';
import type { PasskeyWay, SsoWay } from '../client/tab/ways.types.ts';
import { written } from '../messages/language.ts';

/** A way other than a password. */
export type OtherWay = PasskeyWay | SsoWay;

/** What is offered, and what becomes of it. */
export interface OtherWaysProps {
  readonly ways: readonly OtherWay[];
  /** The first of them is the first that is offered at all: it has the focus, and looks like it. */
  readonly isFirst: boolean;
  /** Nothing can be chosen now. */
  readonly isBusy: boolean;
  /** The user is busy with the one that was chosen last. */
  readonly isUnderWay: boolean;
  /** Why the way that was chosen last did not lead in; `null` when nothing is the matter. */
  readonly problem: TabProblem | null;
  readonly onWay: (way: OtherWay) => void;
  /** Ids of what explains why this is asked. */
  readonly describedBy?: string | undefined;
}

const keyOf = (way: OtherWay): string => (way.kind === 'sso' ? way.url : way.kind);

/**
 * The ways to sign in again other than a password, one button each. While the user is busy with one of them, in a window
 * or in a dialog of the browser's own, it can be given up for another.
 *
 * @see WCAG 2.2 SC 3.3.8
 */
export function OtherWays(props: OtherWaysProps): ReactNode {
  const { ways, isFirst, isBusy, isUnderWay, problem, onWay, describedBy } = props;
  const { cancelProof } = useCurfew();
  const { ways: words, form, language } = useMessages();
  const messages = useMessages();
  const [chosen, setChosen] = useState<string | null>(null);
  const first = useRef<HTMLButtonElement>(null);
  const chosenButton = useRef<HTMLButtonElement>(null);
  const alert = useId();
  useEffect(() => {
    if (isFirst) first.current?.focus();
  }, [isFirst]);
  return (
    <div className="curfew-ways" {...written(language)}>
      {ways.map((way, index) => {
        const isChosen = isUnderWay && chosen === keyOf(way);
        const isPrimary = isFirst && index === 0;
        return (
          <button
            key={keyOf(way)}
            ref={(button) => {
              if (index === 0) first.current = button;
              if (isChosen) chosenButton.current = button;
            }}
            type="button"
            className={`curfew-button ${isPrimary ? 'curfew-button-primary' : ''}`}
            aria-disabled={isBusy}
            aria-describedby={[describedBy, alert].filter(Boolean).join(' ')}
            onClick={() => {
              if (isBusy) return;
              setChosen(keyOf(way));
              onWay(way);
            }}
          >
            {isChosen ? form.signingIn : way.kind === 'sso' ? words.sso(way.name) : words.passkey}
          </button>
        );
      })}
      <div role="alert" id={alert} className="curfew-alert">
        {!isBusy && problem && problemInWords(problem, {}, messages)}
      </div>
      {isUnderWay && (
        <div className="curfew-note">
          <p role="status">{words.underWay}</p>
          <button
            type="button"
            className="curfew-button"
            onClick={() => {
              chosenButton.current?.focus();
              cancelProof();
            }}
          >
            {words.cancel}
          </button>
        </div>
      )}
    </div>
  );
}
