import type { ReactNode, Ref } from 'react';

interface PasswordFieldProps {
  readonly ref: Ref<HTMLInputElement>;
  /** Takes a new password; otherwise the present one. */
  readonly isNew: boolean;
  readonly isWrong: boolean;
  /** Whether the password can be read. */
  readonly isShown: boolean;
  readonly onShow: (isShown: boolean) => void;
}

/** Asks for a password, which can be shown while it is typed. @see WCAG 2.2 SC 3.3.8 */
export function PasswordField({ ref, isNew, isWrong, isShown, onShow }: PasswordFieldProps): ReactNode {
  return (
    <div className="app-password">
      <label className="curfew-field">
        Password
        <input
          ref={ref}
          name="password"
          type={isShown ? 'text' : 'password'}
          autoComplete={isNew ? 'new-password' : 'current-password'}
          autoCapitalize="none"
          spellCheck={false}
          minLength={isNew ? 8 : 1}
          maxLength={1024}
          aria-invalid={isWrong}
          aria-describedby={isNew ? 'password-hint problem' : 'problem'}
          required
        />
      </label>
      <button
        type="button"
        className="app-textual"
        aria-label={isShown ? 'Hide what is typed' : 'Show what is typed'}
        onClick={() => onShow(!isShown)}
      >
        {isShown ? 'Hide' : 'Show'}
      </button>
    </div>
  );
}
