import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Claims } from '../../../server/keys/sessionTokens.ts';
import { verifiedTokens } from '../../../server/keys/verifiedTokens.ts';
import { defaultCopyBytes, sessionCopies } from '../../../server/session/sessionCopies.ts';
import { sqlite } from '../../../server/sqlite/index.ts';
import { fillWithSessions, nameOf } from './fill.ts';

/** What one session takes in memory once it was used, in bytes: its copy, its key, and its token with its key. */
export interface Memory {
  readonly copy: number;
  readonly token: number;
}

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

function used(): number {
  for (let time = 0; time < 4; time += 1) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Reads so many sessions from a file into copies, and remembers a token of each. */
export async function measureMemory(folder: string, count: number): Promise<Memory> {
  const { log, close } = await sqlite(join(folder, 'memory.db')).open({ clock: () => Date.now() });
  await fillWithSessions(log, count, Date.now());
  const copies = sessionCopies(log, { mark: () => 0, watch: () => {} }, 100 * defaultCopyBytes);
  const tokens = verifiedTokens(10 * count);
  const ids: string[] = [];
  const remember = (from: number, to: number) => {
    for (let index = from; index < to; index += 1) {
      const said = JSON.stringify({ sid: nameOf(index), sub: nameOf(index), gen: 0, iat: index, exp: index + 1800 });
      const claims: Claims = JSON.parse(said);
      ids.push(claims.sid);
      tokens.add(randomBytes(200).toString('base64url'), claims);
    }
  };
  // As a request does: by what its token says.
  const load = async (from: number, to: number) => {
    for (const id of ids.slice(from, to)) await copies.log.load(id);
  };
  // What is made once is there before.
  const few = Math.floor(count / 10);
  remember(0, few);
  await load(0, few);
  const before = used();
  remember(few, count);
  const between = used();
  await load(few, count);
  const after = used();
  if (copies.get(nameOf(count - 1), 0) === undefined) throw new Error('A session has no copy');
  await close();
  return { token: (between - before) / (count - few), copy: (after - between) / (count - few) };
}
