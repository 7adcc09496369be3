'use client';

import { CurfewProvider, SessionGuard, useCurfew, useDraft } from 'curfew/react';

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

function Letter() {
  const { user, signOut } = useCurfew();
  const { value, setValue, status } = useDraft('letter', { label: 'letter' });
  return (
    <>
      <h1>Letters of {user?.username}</h1>
      <label>
        Letter ({status})
        <textarea data-curfew-keep="letter" value={value} onChange={(event) => setValue(event.target.value)} />
      </label>
      <button onClick={() => signOut()}>Sign out</button>
    </>
  );
}

/** Rendered on the server as a page that waits, for who is signed in is asked by the browser. */
export const Work = () => (
  <CurfewProvider>
    <SessionGuard signIn={<SignIn />}>
      <Letter />
    </SessionGuard>
  </CurfewProvider>
);
