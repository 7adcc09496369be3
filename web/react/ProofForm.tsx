import { useState, type ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { OtherWays, type OtherWay } from './OtherWays.tsx';
import { PasswordForm, type PasswordFormProps } from './PasswordForm.tsx';
import { useMessages } from './provider.tsx';
import { useWays } from './useWays.ts';
import type { Proof } from '../client/tab/proof.types.ts';
import { written } from '../messages/language.ts';

/** What the form says, and what becomes of the proof. */
export interface ProofFormProps extends Omit<PasswordFormProps, 'onPassword'> {
  readonly onProof: (proof: Proof) => void;
  /** No way but a password can be begun now, for nothing can be asked. Default false. */
  readonly isWaiting?: boolean;
}

/**
 * Asks the user who is known to prove again who they are, in the ways that the server names for them: a user without a
 * password is never asked for one. Where the server cannot be asked, a password, and a way to ask again.
 *
 * @see WCAG 2.2 SC 3.3.7, 3.3.8
 */
export function ProofForm({ onProof, isWaiting = false, ...rest }: ProofFormProps): ReactNode {
  const { user } = useCurfew();
  const messages = useMessages();
  const ways = useWays();
  const [wasPassword, setWasPassword] = useState(true);
  const { isBusy, problem: last, isFirst = false, describedBy, children } = rest;
  if (ways.list === null)
    return (
      <>
        <p role="status" className="curfew-progress" {...written(messages.language)}>
          {messages.waiting.moment}
        </p>
        {children && <div className="curfew-actions">{children}</div>}
      </>
    );
  const problem = last ?? ways.problem;
  const others = ways.list.filter((way): way is OtherWay => way.kind !== 'password');
  const hasPassword = ways.list.length > others.length;
  const isPasswordFirst = ways.list[0]?.kind === 'password';
  const name = user?.username || ways.name;
  const password = hasPassword && (
    <PasswordForm
      key="password"
      {...rest}
      isFirst={isFirst && isPasswordFirst}
      problem={wasPassword ? last : null}
      {...(!wasPassword && { busyLabel: rest.label })}
      onPassword={(typed) => {
        setWasPassword(true);
        onProof(typed);
      }}
    />
  );
  const other = others.length > 0 && (
    <OtherWays
      key="other"
      ways={others}
      isFirst={isFirst && !isPasswordFirst}
      isBusy={isBusy || isWaiting}
      isUnderWay={isBusy && !wasPassword}
      problem={wasPassword && last ? null : problem}
      describedBy={describedBy}
      onWay={(way) => {
        const proof = ways.proofFor(way);
        if (proof === null) return;
        setWasPassword(false);
        onProof(proof);
      }}
    />
  );
  const or = hasPassword && others.length > 0 && (
    <p key="or" className="curfew-or" {...written(messages.language)}>
      {messages.ways.or}
    </p>
  );
  return (
    <>
      {!hasPassword && name && <p {...written(messages.language)}>{messages.form.account(name)}</p>}
      {isPasswordFirst ? [password, or, other] : [other, or, password]}
      {!hasPassword && children && <div className="curfew-actions">{children}</div>}
      {ways.list.length === 0 && <p role="alert">{messages.ways.none}</p>}
      {ways.isUnknown && (
        <div className="curfew-note" {...written(messages.language)}>
          <p>{messages.ways.unknown}</p>
          <button type="button" className="curfew-button" onClick={ways.ask}>
            {messages.tryAgain}
          </button>
        </div>
      )}
    </>
  );
}
