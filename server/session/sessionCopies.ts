import { isLive, type Policy, type SessionContext } from '../../machines/index.ts';
import { keepCopies, type Copies, type CopyRules, type Filling } from '../store/copies.ts';
import type { Change, EventLog, Stored } from '../store/eventLog.ts';
import { recentlyUsed } from '../store/recentlyUsed.ts';

/** How much memory copies of sessions may take, in bytes. */
export const defaultCopyBytes = 32 * 1024 * 1024;

/** What a copy takes besides its texts, with its place in the table: measured, and rounded up. */
const bytesOfCopy = 560;

const sizeOf = ({ id, state, hash }: Stored): number =>
  bytesOfCopy + id.length + hash.length + state.context.user.length + 48 * Object.keys(state.context.leases).length;

const differentPolicies = 256;
const nothing: readonly never[] = [];
const noLeases = {};
const neverUsed = { count: 0, lastAt: null };

/** What many sessions have in common is kept once. */
function sharing(): (context: SessionContext) => SessionContext {
  const policies = recentlyUsed<Policy>(2 * differentPolicies, () => 1);

  /** Those that are shared already: a session that changes keeps its policy. */
  const known = new WeakSet<Policy>();

  function shared(policy: Policy): Policy {
    if (known.has(policy)) return policy;
    const key = JSON.stringify(policy);
    const same = policies.get(key);
    if (same) return same;
    policies.set(key, policy);
    known.add(policy);
    return policy;
  }

  return (context) => ({
    ...context,
    policy: shared(context.policy),
    leases: Object.keys(context.leases).length === 0 ? noLeases : context.leases,
    warned: context.warned.length === 0 ? nothing : context.warned,
    usedAfterEnd: context.usedAfterEnd.count === 0 ? neverUsed : context.usedAfterEnd,
  });
}

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
  const copies = keepCopies<Stored>(rules, bytes, sizeOf);
  const share = sharing();
  rules.watch({ session: copies.delete, user: () => {}, all: copies.clear });

  const copyOf = ({ id, state, hash, revoked }: Omit<Stored, 'device'>): Stored | null =>
    isCopied({ state, ...(revoked && { revoked }) })
      ? { id, state: { leaf: state.leaf, context: share(state.context) }, hash, device: null }
      : null;

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
        const before = changes.length === 0 ? null : rules.mark();
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
