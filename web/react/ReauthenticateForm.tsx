import { useEffect, useState, type ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { PasswordForm, type PasswordFormProps } from './PasswordForm.tsx';
import { useMessages } from './provider.tsx';

/** How the form presents itself. */
export type ReauthenticateFormProps = Pick<
  PasswordFormProps,
  'label' | 'isBusy' | 'isFirst' | 'describedBy' | 'children'
>;

/** Asks for the password where the time is up, or nearly. */
export function ReauthenticateForm({ isBusy, ...rest }: ReauthenticateFormProps): ReactNode {
  const { phase, problem, reauthenticate } = useCurfew();
  const messages = useMessages();
  // While the tab asks how the session is, nothing else can be asked: a password given meanwhile waits for the answer.
  const isChecking = phase === 'checking';
  const [given, setGiven] = useState<string | null>(null);
  if (isBusy && given !== null) setGiven(null);
  useEffect(() => {
    if (!isChecking && given !== null) reauthenticate(given);
  }, [isChecking, given, reauthenticate]);
  const isTaken = isBusy || given !== null;
  // What went wrong with what was asked for here, and not with anything that was tried before.
  const [hasAsked, setAsked] = useState(false);
  return (
    <PasswordForm
      {...rest}
      busyLabel={messages.form.signingIn}
      isBusy={isTaken}
      problem={hasAsked && !isTaken ? problem : null}
      onPassword={(password) => {
        setAsked(true);
        setGiven(password);
      }}
    />
  );
}
