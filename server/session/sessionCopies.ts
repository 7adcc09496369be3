import { isLive } from '../../machines/index.ts';
import { keepCopies, type Copies, type CopyRules, type Filling } from '../store/copies.ts';
import type { Change, EventLog, Stored } from '../store/eventLog.ts';
import { sessionPacking, sizeOfSession, unpackSession, type PackedSession } from './packedSession.ts';

/** How much memory copies of sessions may take, in bytes. */
export const defaultCopyBytes = 32 * 1024 * 1024;

/** Copies of live sessions, without the personal data that stands apart. */
export interface SessionCopies extends Pick<Copies<Stored>, 'get' | 'size'> {
  /** The log that keeps and renews the copies: what it reads or writes is copied. */
  readonly log: EventLog;
}

/** What is copied of a session: only one that lets its user in, for no refusal ever comes from a copy. */
const isCopied = ({ state, revoked }: Pick<Stored, 'state' | 'revoked'>): boolean => isLive(state.leaf) && !revoked;

/**
 * Keeps copies of the live sessions of a log.
 *
 * @param bytes how much memory they may take
 */
export function sessionCopies(log: EventLog, rules: CopyRules, bytes: number): SessionCopies {
  const { lastMark = rules.mark } = rules;
  const packing = {
    pack: sessionPacking(),
    unpack: unpackSession,
    sizeOf: (packed: PackedSession, id: string) => sizeOfSession(packed) + id.length,
  };
  const copies = keepCopies<Stored, PackedSession>(rules, bytes, packing);
  rules.watch({ session: copies.delete, user: () => {}, all: copies.clear });

  const copyOf = ({ id, state, hash, revoked }: Omit<Stored, 'device'>): Stored | null =>
    isCopied({ state, ...(revoked && { revoked }) }) ? { id, state, hash, device: null } : null;

  const written = ({ id, state, entries }: Change): Stored | null => {
    const last = entries.at(-1);
    return last ? copyOf({ id, state, hash: last.hash }) : null;
  };

  return {
    get: copies.get,
    size: copies.size,
    log: {
      ...log,
      async load(id) {
        const filling = copies.begin(id);
        let copy: Stored | null = null;
        try {
          const stored = await log.load(id);
          // Its id is the text that it is looked for by: one of them is kept, and not two that say the same.
          copy = stored && copyOf({ ...stored, id });
          return stored;
        } finally {
          // Whoever has seen it over must not be followed by one who is let in.
          if (!copy) copies.delete(id);
          filling.end(copy);
        }
      },
      async append(changes, ...rest) {
        const before = changes.length === 0 ? null : lastMark();
        const fillings = changes.map((change): [Change, Filling<Stored>] => [change, copies.begin(change.id, before)]);
        let isWritten = false;
        try {
          const appended = await log.append(changes, ...rest);
          isWritten = appended === 'appended';
          return appended;
        } finally {
          // It was told of each, once. What another has written meanwhile is read when it is asked for.
          for (const [change, filling] of fillings) filling.end(isWritten ? written(change) : null, 1);
          if (!isWritten) for (const { id } of changes) copies.delete(id);
        }
      },
    },
  };
}
