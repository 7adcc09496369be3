import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import type { TabProblem } from '../../machines/index.ts';
import { useCurfew } from './hooks.ts';
import { problemInWords } from '../messages/problemInWords.ts';
import { useMessages, useTab } from './provider.tsx';
import { UsernameField } from './UsernameField.tsx';
import { written } from '../messages/language.ts';

/** What the form says, and what becomes of what is typed. */
export interface PasswordFormProps {
  /** What the button says. */
  readonly label: string;
  /** What the button says meanwhile. Default "One moment…", in the language of the parts. */
  readonly busyLabel?: string;
  readonly isBusy: boolean;
  /** Why the last password was not taken; `null` when nothing is the matter. */
  readonly problem: TabProblem | null;
  readonly onPassword: (password: string) => void;
  /** Puts the focus into the password when the form appears. Default false. */
  readonly isFirst?: boolean;
  /** Ids of what explains why this is asked. */
  readonly describedBy?: string | undefined;
  /** What is asked leads to something that cannot be undone. Default false. */
  readonly isDangerous?: boolean;
  /** Further buttons, after the one that sends. */
  readonly children?: ReactNode;
}

/**
 * Asks for the password of the user who is known. The user name is there, and to be read by password managers;
 * nothing stops them, or pasting.
 *
 * @see WCAG 2.2 SC 3.3.7, 3.3.8
 */
export function PasswordForm(props: PasswordFormProps): ReactNode {
  const messages = useMessages();
  const { label, busyLabel = messages.waiting.moment, isBusy, problem, onPassword, isFirst = false, children } = props;
  const { user } = useCurfew();
  const { ways } = useTab();
  const name = user?.username || ways.read().name;
  const id = useId();
  const password = useRef<HTMLInputElement>(null);
  const [isShown, setShown] = useState(false);

  useEffect(() => {
    if (isFirst) password.current?.focus();
  }, [isFirst]);
  useEffect(() => {
    if (problem) password.current?.select();
  }, [problem]);

  return (
    <form
      className="curfew-form"
      data-curfew-skip=""
      onSubmit={(event) => {
        event.preventDefault();
        const typed = password.current?.value ?? '';
        setShown(false);
        if (!isBusy && typed !== '') onPassword(typed);
      }}
    >
      {name && <UsernameField name={name} />}
      <div className="curfew-field curfew-password" {...written(messages.language)}>
        <label htmlFor={`${id}-password`}>{messages.form.password}</label>
        <input
          ref={password}
          id={`${id}-password`}
          name="password"
          type={isShown ? 'text' : 'password'}
          autoCapitalize="none"
          spellCheck={false}
          autoComplete="current-password"
          required
          readOnly={isBusy}
          aria-invalid={problem?.code === 'invalid_credentials'}
          aria-describedby={[props.describedBy, `${id}-problem`].filter(Boolean).join(' ')}
        />
        <button type="button" className="curfew-show" onClick={() => setShown(!isShown)}>
          {isShown ? messages.form.hide : messages.form.show}
        </button>
      </div>
      <div role="alert" id={`${id}-problem`} className="curfew-alert" {...written(messages.language)}>
        {problem ? problemInWords(problem, { wrong: messages.wrongPassword }, messages) : null}
      </div>
      <div className="curfew-actions">
        <button
          type="submit"
          className={`curfew-button ${props.isDangerous ? 'curfew-button-danger' : 'curfew-button-primary'}`}
          aria-disabled={isBusy}
        >
          {isBusy ? busyLabel : label}
        </button>
        {children}
      </div>
    </form>
  );
}
