import express from 'express';
import { seconds } from 'curfew/machines';
import { nodeBridge } from 'curfew/node';
import { createCurfew, passwords } from 'curfew/server';
import { sqlite } from 'curfew/sqlite';

const idle = Number(process.env['IDLE_SECONDS'] ?? 900);
const curfew = await createCurfew({
  store: sqlite('curfew.db'),
  secret: process.env['CURFEW_SECRET'] ?? '',
  policy: { idleTimeout: seconds(idle), warnBefore: seconds(idle / 3) },
  accounts: passwords({ register: true }),
});
const bridge = nodeBridge(curfew);

const app = express();
// Before anything that reads a body: what is Curfew's it reads by itself.
app.use(bridge.routes);
app.use('/api', bridge.protect());
app.use(express.json());

const letters = new Map<string, string[]>();
app.get('/api/letters', (request, response) => {
  const session = bridge.sessionOf(request);
  response.json({ of: session?.name, letters: letters.get(session?.user ?? '') ?? [] });
});
app.post('/api/letters', async (request, response) => {
  const session = bridge.sessionOf(request);
  // The body has taken its time.
  const refused = await session?.check();
  if (refused) return bridge.send(response, refused);
  const user = session?.user ?? '';
  letters.set(user, [...(letters.get(user) ?? []), String(request.body.text)]);
  return response.status(201).end();
});
app.post('/api/leave', async (request, response) => {
  const user = bridge.sessionOf(request)?.user ?? '';
  letters.delete(user);
  await curfew.revoke({ user }, { reason: 'the user has left' });
  response.status(204).end();
});

const server = app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') console.log(`http://localhost:${address?.port}`);
});
