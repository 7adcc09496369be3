import { useEffect, useState, type ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import type { PasswordFormProps } from './PasswordForm.tsx';
import { ProofForm } from './ProofForm.tsx';
import { useMessages } from './provider.tsx';

/** How the form presents itself. */
export type ReauthenticateFormProps = Pick<
  PasswordFormProps,
  'label' | 'isBusy' | 'isFirst' | 'describedBy' | 'children'
>;

/** Asks the user to sign in again where the time is up, or nearly. */
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
    <ProofForm
      {...rest}
      busyLabel={messages.form.signingIn}
      isBusy={isTaken}
      isWaiting={isChecking}
      problem={hasAsked && !isTaken ? problem : null}
      onProof={(proof) => {
        setAsked(true);
        // What may open a window is begun in the click itself.
        if (typeof proof === 'string') setGiven(proof);
        else reauthenticate(proof);
      }}
    />
  );
}
