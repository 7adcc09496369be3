import { createCurfew } from '../../../../server/index.ts';
import { sqlite } from '../../../../server/sqlite/index.ts';

// Ends a session, and is killed as by kill -9 when its end is to be told.
const [path = '', secret = ''] = process.argv.slice(2);
const curfew = await createCurfew({
  store: sqlite(path),
  secret,
  accounts: false,
  write: () => {},
  onEnd({ id, version }) {
    console.log(JSON.stringify({ id, version }));
    process.kill(process.pid, 'SIGKILL');
  },
});
const request = new Request('http://localhost/callback');
const signedIn = await curfew.signIn(request, { user: 'ada', method: [], authenticatedAt: Date.now() });
if (signedIn.ok) await curfew.revoke({ session: signedIn.session.id }, { reason: 'test' });
