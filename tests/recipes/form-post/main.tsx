import { createRoot } from 'react-dom/client';
import { popup, redirect } from 'curfew/client';
import { CurfewProvider, problemInWords, SessionGuard, useCurfew, useDraft } from 'curfew/react';
import 'curfew/curfew.css';

function SignIn() {
  const { signIn, problem } = useCurfew();
  return (
    <main>
      <button onClick={() => signIn(redirect({ url: '/api/oidc/start' }))}>Sign in with Example ID</button>
      <p role="alert">{problem && problemInWords(problem)}</p>
    </main>
  );
}

function Work() {
  const { user } = useCurfew();
  const { value, setValue } = useDraft('letter', { label: 'letter' });
  return (
    <main>
      <h1>Letters of {user?.username}</h1>
      <label>
        Letter
        <textarea data-curfew-keep="letter" value={value} onChange={(event) => setValue(event.target.value)} />
      </label>
    </main>
  );
}

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <CurfewProvider sso={popup}>
      <SessionGuard signIn={<SignIn />}>
        <Work />
      </SessionGuard>
    </CurfewProvider>,
  );
