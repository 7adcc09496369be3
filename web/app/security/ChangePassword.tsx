import { useRef, useState, type ReactNode } from 'react';
import { problemInWords, useCurfew } from '../../react/index.ts';

const textIn = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
};

/** The current and the new password, and for password managers whose they are. */
function PasswordFields({ username }: { readonly username: string }): ReactNode {
  return (
    <>
      <input
        className="curfew-spoken"
        name="username"
        autoComplete="username"
        value={username}
        tabIndex={-1}
        aria-hidden
        readOnly
      />
      <label className="curfew-field">
        Current password
        <input
          name="password"
          type="password"
          autoComplete="current-password"
          aria-describedby="security-password-problem"
          maxLength={1024}
          required
        />
      </label>
      <label className="curfew-field">
        New password
        <input
          name="newPassword"
          type="password"
          autoComplete="new-password"
          aria-describedby="security-password-hint"
          minLength={8}
          maxLength={1024}
          required
        />
      </label>
      <p id="security-password-hint" className="app-quiet">
        At least 8 characters, and none of the common ones. A few words do well.
      </p>
    </>
  );
}

/**
 * Takes another password. Everybody else is signed out unless the person says otherwise.
 *
 * @see ASVS 5.0 7.4.3, NIST SP 800-63B-4 §3.1.1.2
 */
export function ChangePassword({ onChanged }: { readonly onChanged: () => void }): ReactNode {
  const { user, changePassword } = useCurfew();
  const form = useRef<HTMLFormElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const [said, setSaid] = useState('');

  const submit = async (filled: FormData) => {
    if (isBusy) return;
    const keepOthers = filled.get('others') !== 'on';
    setBusy(true);
    setSaid('');
    const change = { password: textIn(filled, 'password'), newPassword: textIn(filled, 'newPassword'), keepOthers };
    const refused = await changePassword(change);
    setBusy(false);
    setProblem(
      refused ? problemInWords(refused, { wrong: 'Your current password isn’t right. Please try again.' }) : '',
    );
    if (refused) return form.current?.querySelector<HTMLInputElement>('[name=password]')?.select();
    form.current?.reset();
    setSaid(`Your password is changed.${keepOthers ? '' : ' You are signed out everywhere else.'}`);
    onChanged();
  };
  return (
    <section aria-labelledby="security-password">
      <h2 id="security-password">Your password</h2>
      <p role="status" className="app-said">
        {said}
      </p>
      <form
        ref={form}
        className="curfew-form app-account"
        data-curfew-skip=""
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        <PasswordFields username={user?.username ?? ''} />
        <label className="app-check">
          <input type="checkbox" name="others" defaultChecked />
          Sign out everywhere else
        </label>
        <p id="security-password-problem" className="curfew-alert" role="alert">
          {problem}
        </p>
        <div className="curfew-actions">
          <button type="submit" className="curfew-button curfew-button-primary" aria-disabled={isBusy}>
            {isBusy ? 'One moment…' : 'Change password'}
          </button>
        </div>
      </form>
    </section>
  );
}
