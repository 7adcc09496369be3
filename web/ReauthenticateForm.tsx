import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { problemInWords } from './problemInWords.ts';
import { useWords } from './provider.tsx';

/** How the form presents itself. */
export interface ReauthenticateFormProps {
  /** What the button says. */
  readonly label: string;
  readonly isBusy: boolean;
  /** Puts the focus into the password when the form appears. */
  readonly isFirst?: boolean;
  /** Ids of what explains why this is asked. */
  readonly describedBy?: string;
  /** Further buttons, after the one that sends. */
  readonly children?: ReactNode;
}

/** What went wrong with what was asked for here, and not with anything that was tried before. */
function useOwnProblem(isBusy: boolean) {
  const { problem } = useCurfew();
  const [hasAsked, setAsked] = useState(false);
  return { problem: hasAsked && !isBusy ? problem : null, ask: () => setAsked(true) };
}

/**
 * Asks for the password of the person who is known. The user name is there, and to be read by password managers;
 * nothing stops them, or pasting.
 *
 * @see WCAG 2.2 SC 3.3.7, 3.3.8
 */
export function ReauthenticateForm({
  label,
  isBusy,
  isFirst = false,
  describedBy,
  children,
}: ReauthenticateFormProps): ReactNode {
  const { user, reauthenticate } = useCurfew();
  const words = useWords();
  const { problem, ask } = useOwnProblem(isBusy);
  const id = useId();
  const password = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (isFirst) password.current?.focus();
  }, [isFirst]);
  useEffect(() => {
    if (problem) password.current?.select();
  }, [problem]);

  return (
    <form
      className="curfew-form"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = password.current?.value ?? '';
        if (isBusy || typed === '') return;
        ask();
        reauthenticate(typed);
      }}
    >
      {user && (
        <div className="curfew-field">
          <label htmlFor={`${id}-username`}>{words.form.username}</label>
          <input id={`${id}-username`} name="username" autoComplete="username" value={user.username} readOnly />
        </div>
      )}
      <div className="curfew-field">
        <label htmlFor={`${id}-password`}>{words.form.password}</label>
        <input
          ref={password}
          id={`${id}-password`}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          readOnly={isBusy}
          aria-invalid={problem?.code === 'invalid_credentials'}
          aria-describedby={[describedBy, `${id}-problem`].filter(Boolean).join(' ')}
        />
      </div>
      <div role="alert" id={`${id}-problem`} className="curfew-alert">
        {problem ? problemInWords(problem, { wrong: words.wrongPassword }, words) : null}
      </div>
      <div className="curfew-actions">
        <button type="submit" className="curfew-button curfew-button-primary" aria-disabled={isBusy}>
          {isBusy ? words.form.signingIn : label}
        </button>
        {children}
      </div>
    </form>
  );
}
