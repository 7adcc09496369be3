import { useState, type ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { problemInWords } from './problemInWords.ts';

/** What a password is asked for with. */
export interface PasswordFormProps {
  /** What the button says, and what it says while the answer is on its way. */
  readonly action: string;
  readonly pending: string;
  readonly isPending: boolean;
  readonly autoFocus?: boolean;
  readonly children?: ReactNode;
}

/** Asks the person who is known here for their password; the user name is there for password managers. @see WCAG 3.3.7 */
export function PasswordForm({
  action,
  pending,
  isPending,
  autoFocus = false,
  children,
}: PasswordFormProps): ReactNode {
  const { user, problem, reauthenticate } = useCurfew();
  const [password, setPassword] = useState('');
  const isEmpty = password === '';
  return (
    <form
      className="curfew-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isPending && !isEmpty) reauthenticate(password);
      }}
    >
      <label className="curfew-field">
        User name
        <input name="username" autoComplete="username" value={user?.username ?? ''} readOnly />
      </label>
      <label className="curfew-field">
        Password
        <input
          name="password"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          aria-invalid={problem?.code === 'invalid_credentials' || undefined}
          autoFocus={autoFocus}
          required
        />
      </label>
      <p className="curfew-alert" role="alert">
        {problem && !isPending
          ? problemInWords(problem, {
              wrong: 'That is not the right password. Nothing has been lost; please try again.',
            })
          : ''}
      </p>
      <div className="curfew-actions">
        <button type="submit" className="curfew-button curfew-button-primary" aria-disabled={isPending || isEmpty}>
          {isPending ? pending : action}
        </button>
        {children}
      </div>
    </form>
  );
}
