import { headers } from 'next/headers';
import { application } from '../lib/application';
import { Work } from './Work';

/** The server knows who asks; its looking counts as no activity. */
export default async function Page() {
  // First: the page is rendered with each request then, and not when the application is built.
  const asked = new Request('http://localhost/', { headers: await headers() });
  const { curfew } = await application();
  const session = await curfew.session(asked);
  return (
    <>
      <p>{session ? `Signed in on the server: ${session.name}` : 'Nobody is signed in'}</p>
      <Work />
    </>
  );
}
