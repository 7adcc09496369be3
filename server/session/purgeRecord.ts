import { z } from 'zod';
import type { Instant } from '../../machines/index.ts';
import type { Attestations } from '../keys/attestations.ts';

const purgeRecord = z.object({
  session: z.string(),
  /** Where its log ended. */
  version: z.number(),
  hash: z.string(),
  endedAt: z.number(),
  purgedAt: z.number(),
});

/** What is left of a purged session: where its log ended, and when. It does not name the user. */
export type PurgeRecord = z.infer<typeof purgeRecord>;

/** Signs the record of a purge. */
export const signPurge = (attestations: Attestations, record: PurgeRecord): Promise<string> =>
  attestations.sign('curfew-purge+jws', record satisfies Record<string, string | Instant>);

/** Reads the record in the place of a session. @returns `null` when it was not signed for this session. */
export async function readPurge(
  attestations: Attestations,
  session: string,
  signed: string,
): Promise<PurgeRecord | null> {
  const read = purgeRecord.safeParse(await attestations.read('curfew-purge+jws', signed));
  return read.success && read.data.session === session ? read.data : null;
}
