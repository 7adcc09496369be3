import { hours, seconds } from '../../machines/index.ts';
import { createDrafts } from '../../web/client/work/drafts.ts';
import { onDemand } from '../../web/client/device/onDemand.ts';
import { createDraftSync } from '../../web/client/work/draftSync.ts';
import * as draftUpdate from '../../web/client/work/draftUpdate.ts';
import { createVault, keyRing } from '../../web/client/work/vault.ts';
import { createTime, memoryCopies, memoryRecords, quiet, t0, vaultKey } from './tab.ts';

type Disk = ReturnType<typeof memoryRecords>;
type Server = ReturnType<typeof memoryCopies>;

export const label = 'letter';
export const nameOf = async (key: string) => `draft.${key}`;

interface Shared {
  readonly disk?: Disk;
  readonly server?: Server;
  readonly time?: ReturnType<typeof createTime>;
  /** Whether what compares with the server's copies can be loaded. */
  readonly update?: { isLoaded: boolean };
}

/** A tab of `u1` on a device and a server that other tabs may share. */
export async function draftsOn(shared: Shared = {}) {
  const { disk = memoryRecords(), server = memoryCopies(), time = createTime(), update = { isLoaded: true } } = shared;
  const vault = createVault();
  vault.open(await keyRing('u1', { vaultKey: vaultKey(1) }));
  const parts = {
    vault,
    records: disk.records,
    server: server.copies,
    later: onDemand(async () => (update.isLoaded ? draftUpdate : Promise.reject(new TypeError('Failed to fetch')))),
    expiresAt: () => t0 + hours(36),
  };
  const drafts = createDrafts({ clock: time.clock, timer: time.timer, kept: () => {} });
  const owner = () => ({ draftSync: createDraftSync(parts), nameOf });
  await drafts.restore(owner());
  return {
    drafts,
    disk,
    server,
    time,
    vault,
    owner,
    open: async (key = 'a') => {
      drafts.subscribe(key, () => {});
      drafts.open(key, { label });
      await quiet();
    },
    write: async (value: string, key = 'a') => {
      drafts.write(key, value);
      await time.pass(seconds(3));
    },
  };
}
