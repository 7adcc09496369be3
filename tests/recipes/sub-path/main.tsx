import { createRoot } from 'react-dom/client';
import { CurfewProvider, SessionGuard, useCurfew, useDraft } from 'curfew/react';
import 'curfew/curfew.css';

/** Built once for each application, by `vite build --base /letters/` and `--base /notes/`. */
const isNotes = import.meta.env.BASE_URL === '/notes/';
/** One server knows its own path; of the other's, only the proxy and the browser know. */
const server = isNotes ? { baseUrl: '/notes' } : { basePath: '/letters/api' };

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
};

function SignIn() {
  const { signIn, problem } = useCurfew();
  const send = (form: FormData) =>
    signIn({
      username: text(form, 'username'),
      password: text(form, 'password'),
      register: form.has('register'),
    });
  return (
    <form action={send}>
      <label>
        User name <input name="username" autoComplete="username" required />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button>Sign in</button> <button name="register">Create account</button>
      <p role="alert">{problem?.code}</p>
    </form>
  );
}

function Work() {
  const { user, signOut } = useCurfew();
  const { value, setValue, status } = useDraft('text', { label: 'text' });
  return (
    <>
      <h1>
        {isNotes ? 'Notes' : 'Letters'} of {user?.username}
      </h1>
      <label>
        Text ({status})
        <textarea data-curfew-keep="text" value={value} onChange={(event) => setValue(event.target.value)} />
      </label>
      <button onClick={() => signOut()}>Sign out</button>
    </>
  );
}

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <CurfewProvider {...server}>
      <SessionGuard signIn={<SignIn />}>
        <Work />
      </SessionGuard>
    </CurfewProvider>,
  );
