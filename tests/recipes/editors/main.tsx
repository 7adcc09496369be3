import { CurfewProvider, SessionGuard, useCurfew } from 'curfew/react';
import 'curfew/curfew.css';
import { createRoot } from 'react-dom/client';
import { editors, type Open } from './open.ts';
import { useEditor } from './useEditor.tsx';

const credentials = { username: 'ada', password: 'correct horse battery' };

function Enter() {
  const { signIn } = useCurfew();
  return <button onClick={() => signIn({ ...credentials, register: true })}>Enter</button>;
}

function Editor({ name, open }: { name: string; open: Open }) {
  const element = useEditor(open);
  return (
    <section aria-label={name}>
      <div ref={element} style={{ blockSize: '6rem', border: '1px solid' }} />
    </section>
  );
}

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <CurfewProvider>
      <SessionGuard signIn={<Enter />}>
        {Object.entries(editors).map(([name, open]) => (
          <Editor key={name} name={name} open={open} />
        ))}
      </SessionGuard>
    </CurfewProvider>,
  );
