import { execFileSync } from 'node:child_process';
import { replay } from '../../../../machines/index.ts';
import { verifyChain } from '../../../../server/store/chain.ts';
import { sqliteEventLog } from '../../../../server/sqlite/eventLog.ts';
import { openDatabase } from '../../../../server/sqlite/connection.ts';
import { begun, decided, extended, later, nobodyYet, storedAs } from '../../../../server/contract/history.ts';

// Fills the disk it is given, looks at what is there, then gets more room and goes on. Says what it found as JSON.
const [path = ''] = process.argv.slice(2);
const log = sqliteEventLog(openDatabase(path));
const heard: string[] = [];
log.subscribe((id) => void heard.push(id));

/** The sessions that are there whole: their log verifies, and leads to what is loaded. */
async function whole(ids: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const id of ids) {
    const stored = await log.load(id);
    const entries = await log.read(id, 0, 1_000);
    if (!stored && entries.length === 0) continue;
    const last = { version: stored?.state.context.version ?? 0, hash: stored?.hash ?? '' };
    const same = JSON.stringify(replay(entries)) === JSON.stringify(stored?.state);
    if (same && verifyChain(entries, { last }) === null) found.push(id);
  }
  return found;
}

async function fill() {
  const acknowledged: string[] = [];
  for (let n = 0; ; n++) {
    const ids = [`a${n}`, `b${n}`];
    const changes = ids.map((id) => {
      const change = begun(id);
      const next = decided(storedAs(change), [extended(later(1)), extended(later(2))]);
      return {
        ...next,
        expected: 0,
        entries: [...change.entries, ...next.entries],
        device: { salt: 's', device: { userAgent: 'x'.repeat(500), address: null } },
      };
    });
    try {
      await log.append(changes, { user: 'ada', account: await log.account('ada') });
      acknowledged.push(...ids);
    } catch (error) {
      return { acknowledged, refused: ids, error: error instanceof Error ? error.name : '' };
    }
  }
}

const { acknowledged, refused, error } = await fill();
const full = {
  error,
  whole: await whole([...acknowledged, ...refused]),
  account: await log.account('ada'),
  heard: [...heard],
};
const again = await log.append([begun('again')]).catch((failure: Error) => failure.name);

execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited']);
const account = await log.account('bob');
const outcome = await log.append([begun('with room', 'bob')], { user: 'bob', account });
const room = {
  outcome,
  whole: await whole([...acknowledged, ...refused, 'with room']),
  started: account.admissions === nobodyYet.admissions,
};
console.log(JSON.stringify({ acknowledged, refused, full, again, room }));
