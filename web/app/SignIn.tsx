import { useEffect, useState, type ReactNode } from 'react';
import { toldAtSignIn, useCurfew, type TabState } from '../react/index.ts';
import { Brand } from './Brand.tsx';
import { CredentialsForm } from './CredentialsForm.tsx';
import { useLoaded } from './loaded.ts';
import { inspectorPath } from './pages.ts';
import { hasPolicy } from './shapes.ts';
import { useTitle } from './title.ts';
import { OtherSignIn } from './ways/OtherSignIn.tsx';

/** Asks for the inspector: it opens at the last step of the session once its owner has signed in. */
function Why({ ended }: { readonly ended: string }): ReactNode {
  const [isAsked, setAsked] = useState(false);
  const ask = () => {
    history.replaceState(null, '', inspectorPath(ended));
    setAsked(true);
  };
  return (
    <p className="app-switch" role="status">
      {isAsked ? (
        'Sign in, and you will see every step.'
      ) : (
        <button type="button" className="app-textual" onClick={ask}>
          Why was I signed out?
        </button>
      )}
    </p>
  );
}

interface SignInProps {
  /** The session that ended in this tab. */
  readonly ended: string | null;
  /** What there is to say to the user who was here last; may be empty. */
  readonly said: string;
}

/** Sign-in and registration on one page; says once how long a stay lasts. @see WCAG 2.2.6 */
export function SignIn({ ended, said }: SignInProps): ReactNode {
  const { problem } = useCurfew();
  const { value, trouble, reload } = useLoaded('/api/policy', hasPolicy);
  const [isNew, setNew] = useState(false);
  const [settled, setSettled] = useState<TabState['problem']>(null);
  useTitle(isNew ? 'Create an account' : 'Sign in');
  useEffect(() => {
    if (trouble === null) return undefined;
    const moments = ['online', 'focus'] as const;
    for (const moment of moments) addEventListener(moment, reload);
    return () => moments.forEach((moment) => removeEventListener(moment, reload));
  }, [trouble, reload]);
  const change = () => {
    setSettled(problem);
    setNew(!isNew);
  };
  return (
    <div className="app-door">
      <header className="app-scene">
        <Brand />
        <p>Step away when you like. Your work will wait for you.</p>
      </header>
      <main className="app-entry">
        <h1>{isNew ? 'Create an account' : 'Sign in'}</h1>
        {said !== '' && (
          <p role="status" className="app-said">
            {said}
          </p>
        )}
        {value && <p className="app-quiet">{toldAtSignIn(value.policy)}</p>}
        <CredentialsForm
          key={String(isNew)}
          isNew={isNew}
          canRemember={Boolean(value?.policy.remembered)}
          problem={problem === settled ? null : problem}
        >
          {!isNew && <OtherSignIn ways={value?.ways ?? []} />}
        </CredentialsForm>
        {ended !== null && <Why key={ended} ended={ended} />}
        {(isNew || value?.canRegister === true) && (
          <p className="app-switch">
            {isNew ? 'You have an account already?' : 'New here?'}{' '}
            <button type="button" className="app-textual" onClick={change}>
              {isNew ? 'Sign in instead' : 'Create an account'}
            </button>
          </p>
        )}
      </main>
    </div>
  );
}
