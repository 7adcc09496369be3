import { createInterface } from 'node:readline';
import { createCurfew } from '../../../../server/index.ts';
import { sqlite } from '../../../../server/sqlite/index.ts';

// Ends the sessions whose ids it reads, one a line, and says so of each once it has returned.
const [path = '', secret = ''] = process.argv.slice(2);
const curfew = await createCurfew({ store: sqlite(path), secret, accounts: false, write: () => {} });
console.log('ready');
for await (const session of createInterface({ input: process.stdin })) {
  await curfew.revoke({ session }, { reason: 'test' });
  console.log(session);
}
