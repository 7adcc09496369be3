import { z } from 'zod';
import { seconds, type Duration, type Instant } from '../../machines/index.ts';
import type { PostgresDatabase } from './connection.ts';

/** How far a node's clock may be from the database's, in ms: several nodes judge deadlines, and have to agree on them. */
const tolerance: Duration = seconds(1);

const nowRow = z.object({ now: z.number() });

/** Says how far the clock is off when it is too far from the database's, `null` when it is not. */
export async function clockTrouble(
  { query }: Pick<PostgresDatabase, 'query'>,
  clock: () => Instant,
): Promise<string | null> {
  const asked = clock();
  const { rows } = await query('select extract(epoch from clock_timestamp())::double precision * 1000 as now');
  const { now } = nowRow.parse(rows[0]);
  // The database has read its clock at some moment between question and answer.
  const off = now < asked ? asked - now : Math.max(0, now - clock());
  return off > tolerance
    ? `the clock of this node is ${Math.round(off)} ms from the database's; at most ${tolerance} ms are allowed`
    : null;
}
