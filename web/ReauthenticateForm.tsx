import { useState, type ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { PasswordForm, type PasswordFormProps } from './PasswordForm.tsx';
import { useWords } from './provider.tsx';

/** How the form presents itself. */
export type ReauthenticateFormProps = Pick<
  PasswordFormProps,
  'label' | 'isBusy' | 'isFirst' | 'describedBy' | 'children'
>;

/** Asks for the password where the time is up, or nearly. */
export function ReauthenticateForm({ isBusy, ...rest }: ReauthenticateFormProps): ReactNode {
  const { problem, reauthenticate } = useCurfew();
  const words = useWords();
  // What went wrong with what was asked for here, and not with anything that was tried before.
  const [hasAsked, setAsked] = useState(false);
  return (
    <PasswordForm
      {...rest}
      busyLabel={words.form.signingIn}
      isBusy={isBusy}
      problem={hasAsked && !isBusy ? problem : null}
      onPassword={(password) => {
        setAsked(true);
        reauthenticate(password);
      }}
    />
  );
}
