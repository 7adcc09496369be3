import { createRoot } from 'react-dom/client';
import { useCurfew, useDraft } from 'curfew/react';
import 'curfew/curfew.css';
import { Guarded } from './Guarded.tsx';

function Work() {
  const { user, signOut } = useCurfew();
  const { value, setValue, status } = useDraft('letter', { label: 'letter' });
  return (
    <main>
      <h1>Letters of {user?.username}</h1>
      <label>
        Letter
        <textarea data-curfew-keep="letter" value={value} onChange={(event) => setValue(event.target.value)} />
      </label>
      <p role="status">{status}</p>
      <button onClick={() => signOut()}>Sign out</button>
    </main>
  );
}

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <Guarded>
      <Work />
    </Guarded>,
  );
