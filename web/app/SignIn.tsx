import { useEffect, useState, type ReactNode } from 'react';
import type { Policy } from '../../machines/index.ts';
import { problemInWords, toldAtSignIn, useCurfew } from '../index.ts';
import { isPolicy } from './api.ts';

function usePolicy(): Policy | null {
  const [policy, setPolicy] = useState<Policy | null>(null);
  useEffect(() => {
    fetch('/api/policy')
      .then((response) => response.json())
      .then((body: unknown) => isPolicy(body) && setPolicy(body.policy))
      .catch(() => {});
  }, []);
  return policy;
}

/** Sign-in and registration on one page; says once how long a stay lasts. @see WCAG 2.2.6, 3.3.8 */
export function SignIn(): ReactNode {
  const { signIn, problem, phase } = useCurfew();
  const policy = usePolicy();
  const [isNew, setNew] = useState(false);
  const isPending = phase === 'signingIn';
  useEffect(() => {
    document.title = isNew ? 'Create an account – Curfew' : 'Sign in – Curfew';
  }, [isNew]);
  const submit = (form: FormData) => {
    const [username, password] = [form.get('username'), form.get('password')];
    if (isPending || typeof username !== 'string' || typeof password !== 'string') return;
    signIn({ username, password, register: isNew, remember: form.get('remember') === 'on' });
  };
  const action = isNew ? 'Create account' : 'Sign in';
  return (
    <main className="app-door">
      <header className="app-brand">
        <img src={new URL('./icon.svg', import.meta.url).href} alt="" width="40" height="40" />
        <span>Curfew</span>
      </header>
      <div className="curfew-card">
        <h1>{isNew ? 'Create an account' : 'Sign in'}</h1>
        {policy && <p className="app-quiet">{toldAtSignIn(policy)}</p>}
        <form
          className="curfew-form"
          onSubmit={(event) => {
            event.preventDefault();
            submit(new FormData(event.currentTarget));
          }}
        >
          <label className="curfew-field">
            User name
            <input name="username" autoComplete="username" autoCapitalize="none" maxLength={100} required autoFocus />
          </label>
          <label className="curfew-field">
            Password
            <input
              name="password"
              type="password"
              autoComplete={isNew ? 'new-password' : 'current-password'}
              minLength={isNew ? 8 : 1}
              aria-describedby={isNew ? 'password-hint' : undefined}
              required
            />
          </label>
          {isNew && (
            <p id="password-hint" className="app-quiet app-hint">
              At least 8 characters.
            </p>
          )}
          {policy?.remembered && (
            <label className="app-check">
              <input type="checkbox" name="remember" />
              Keep me signed in on this device
            </label>
          )}
          <p className="curfew-alert" role="alert">
            {problem && !isPending
              ? problemInWords(problem, { wrong: 'User name or password is wrong. Please try again.' })
              : ''}
          </p>
          <button type="submit" className="curfew-button curfew-button-primary" aria-disabled={isPending}>
            {isPending ? 'One moment…' : action}
          </button>
        </form>
        <p className="app-switch">
          {isNew ? 'You have an account?' : 'New here?'}{' '}
          <button type="button" className="app-textual" onClick={() => setNew(!isNew)}>
            {isNew ? 'Sign in instead' : 'Create an account'}
          </button>
        </p>
      </div>
    </main>
  );
}
