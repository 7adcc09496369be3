import { useEffect, useRef, useState, type ReactNode } from 'react';
import { PasswordField } from './PasswordField.tsx';
import { problemInWords, useCurfew, useMessages, type TabState } from '../react/index.ts';
import { useAppWords } from './words.ts';

interface CredentialsFormProps {
  /** Makes the account first. */
  readonly isNew: boolean;
  readonly canRemember: boolean;
  readonly problem: TabState['problem'];
  /** What else the form offers. */
  readonly children?: ReactNode;
}

/**
 * Asks for user name and password. The fields are the browser's own: password managers fill them, and pasting works.
 *
 * @see WCAG 1.3.5, 3.3.1, 3.3.8
 */
export function CredentialsForm({ isNew, canRemember, problem, children }: CredentialsFormProps): ReactNode {
  const { signIn, phase } = useCurfew();
  const messages = useMessages();
  const words = useAppWords();
  const [isShown, setShown] = useState(false);
  const username = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const isPending = phase === 'signingIn';
  const code = isPending ? undefined : problem?.code;
  const said = problem && !isPending ? problemInWords(problem, words.signIn, messages) : '';
  useEffect(() => {
    if (isPending) return;
    if (problem?.code === 'username_taken') username.current?.select();
    if (problem?.code === 'invalid_credentials') password.current?.select();
  }, [isPending, problem]);

  const submit = (form: FormData) => {
    const [name, secret] = [form.get('username'), form.get('password')];
    if (isPending || typeof name !== 'string' || typeof secret !== 'string') return;
    setShown(false);
    signIn({ username: name, password: secret, register: isNew, remember: form.get('remember') === 'on' });
  };
  return (
    <form
      className="curfew-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit(new FormData(event.currentTarget));
      }}
    >
      <label className="curfew-field">
        User name
        <input
          ref={username}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={100}
          aria-invalid={code === 'username_taken' || code === 'invalid_credentials'}
          aria-describedby="problem"
          required
          autoFocus
        />
      </label>
      <PasswordField
        ref={password}
        isNew={isNew}
        isWrong={code === 'invalid_credentials'}
        isShown={isShown}
        onShow={setShown}
      />
      {isNew && (
        <p id="password-hint" className="app-quiet app-hint">
          At least 8 characters, and none of the common ones. A few words do well.
        </p>
      )}
      {canRemember && (
        <label className="app-check">
          <input type="checkbox" name="remember" />
          Keep me signed in on this device
        </label>
      )}
      <p id="problem" className="curfew-alert" role="alert" lang={messages.language}>
        {said}
      </p>
      <button type="submit" className="curfew-button curfew-button-primary" aria-disabled={isPending}>
        {isPending ? 'One moment…' : isNew ? 'Create account' : 'Sign in'}
      </button>
      {children}
    </form>
  );
}
