import type { Instant } from '../../../machines/index.ts';
import type { NotKeptReason } from '../forms/forms.types.ts';
import { filePrefix } from './prefixes.ts';
import type { Records } from './records.ts';
import { createTurns } from './turns.ts';
import type { Vault } from './vault.ts';

const largestFile = 10e6;
const largestOfAll = 50e6;

/** The bytes of files on this device. */
export interface SavedFiles {
  /** @returns why not, `null` when they are kept */
  readonly save: (id: string, file: File) => Promise<NotKeptReason | null>;
  /** @returns `null` when they are not here, or cannot be read */
  readonly read: (id: string) => Promise<Uint8Array<ArrayBuffer> | null>;
  readonly delete: (which: (file: FileName) => boolean) => Promise<void>;
}

/** What the name of a record says of a file. */
export interface FileName {
  readonly name: string;
  readonly expiresAt: number;
  /** In bytes. */
  readonly size: number;
  readonly id: string;
}

const fileNameOf = (name: string): FileName => {
  const [, expiresAt, size, ...id] = name.split('.');
  return { name, expiresAt: Number(expiresAt), size: Number(size), id: id.join('.') };
};

/** @returns the files of one user; nothing is read yet. */
export function savedFiles({
  vault,
  records,
  times,
}: {
  readonly vault: Vault;
  readonly records: Records;
  readonly times: () => { readonly savedAt: Instant; readonly expiresAt: Instant };
}): SavedFiles {
  const turns = createTurns();
  const all = async () =>
    (await records.names()).filter((name) => name.startsWith(filePrefix)).map((name) => fileNameOf(name));

  return {
    // One after the other, or two together would find room for each alone.
    save: (id, file) =>
      turns.take(filePrefix, async (): Promise<NotKeptReason | null> => {
        if (file.size > largestFile) return 'too-large';
        const there = await all();
        if (there.some((each) => each.id === id)) return null;
        if (there.reduce((sum, { size }) => sum + size, file.size) > largestOfAll) return 'no-room';
        const bytes = await file.arrayBuffer().catch(() => null);
        const envelope = bytes && (await vault.seal(filePrefix + id, new Uint8Array(bytes), times()));
        if (!envelope) return 'refused';
        const name = `${filePrefix}${envelope.expiresAt}.${file.size}.${id}`;
        const record = { envelope, other: null, revision: 1, base: null, synced: false };
        return (await records.put(name, record, null)).outcome === 'kept' ? null : 'refused';
      }),
    async read(id) {
      const file = (await all()).find((each) => each.id === id);
      const record = file ? await records.get(file.name) : null;
      return record && vault.unsealBytes(filePrefix + id, record.envelope).catch(() => null);
    },
    async delete(which) {
      for (const file of await all()) if (which(file)) await records.put(file.name, null, 1);
    },
  };
}
