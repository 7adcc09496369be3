import { use, type ReactNode } from 'react';
import { useCurfew, useMessages } from '../../react/index.ts';
import type { SignInWay } from '../shapes.ts';
import { Transport } from '../transport.ts';
import { byPasskey, hasPasskeysHere } from './passkey.ts';
import { byProvider } from './singleSignOn.ts';

interface OtherSignInProps {
  readonly ways: readonly SignInWay[];
}

/** Whether the longer limits are asked for, in the form around the button. */
function isRemembered(form: HTMLFormElement | null): boolean {
  const box = form?.elements.namedItem('remember');
  return box instanceof HTMLInputElement && box.checked;
}

/** The ways to sign in other than with a password, one button each. */
export function OtherSignIn({ ways }: OtherSignInProps): ReactNode {
  const { signIn, phase } = useCurfew();
  const { ways: words, language } = useMessages();
  const transport = use(Transport);
  const isPending = phase === 'signingIn';
  const offered = ways
    .filter((way) => way.kind !== 'password')
    .filter(({ kind }) => kind === 'sso' || hasPasskeysHere());
  if (offered.length === 0) return null;
  return (
    <div className="app-others" lang={language}>
      <p className="app-or">{words.or}</p>
      {offered.map((way) => (
        <button
          key={way.kind}
          type="button"
          className="curfew-button"
          aria-disabled={isPending}
          onClick={({ currentTarget }) => {
            if (isPending) return;
            const remember = isRemembered(currentTarget.form);
            signIn(way.kind === 'sso' ? byProvider(way, transport, remember) : byPasskey(transport, remember));
          }}
        >
          {way.kind === 'sso' ? words.sso(way.name) : words.passkey}
        </button>
      ))}
    </div>
  );
}
