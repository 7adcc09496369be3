import type { StateValueFrom } from 'xstate';
import type { sessionMachine } from './session.machine.ts';

type SessionValue = StateValueFrom<typeof sessionMachine>;

const names = [
  'active.fresh',
  'active.expiring',
  'lapsed.idle',
  'lapsed.absolute',
  'ended.expired',
  'ended.signedOut',
  'ended.revoked',
  'ended.displaced',
  'ended.compromised',
] as const;

/** Where a session is, as one word: what the log and the wire call a state of the machine. */
export type Leaf = (typeof names)[number];

/** Every leaf there is. */
export const leaves: readonly Leaf[] = names;

/** Whether a word names a leaf. */
export const isLeaf = (text: string): text is Leaf => names.some((leaf) => leaf === text);

const values: Readonly<Record<Leaf, SessionValue>> = {
  'active.fresh': { active: 'fresh' },
  'active.expiring': { active: 'expiring' },
  'lapsed.idle': { lapsed: 'idle' },
  'lapsed.absolute': { lapsed: 'absolute' },
  'ended.expired': { ended: 'expired' },
  'ended.signedOut': { ended: 'signedOut' },
  'ended.revoked': { ended: 'revoked' },
  'ended.displaced': { ended: 'displaced' },
  'ended.compromised': { ended: 'compromised' },
};

/** The leaf as XState writes it. */
export const valueOf = (leaf: Leaf): SessionValue => values[leaf];

/** XState's value as one word. */
export function leafOf(value: SessionValue): Leaf {
  const leaf = Object.entries(value).flat().join('.');
  if (isLeaf(leaf)) return leaf;
  throw new Error(`a session is always in one of its leaves, not in ${leaf}`);
}

/** The three things a session can be, and the fourth that the wire tells apart. */
export type SessionPhase = 'active' | 'expiring' | 'lapsed' | 'ended';

/** The phase that a leaf belongs to. */
export function phaseOf(leaf: Leaf): SessionPhase {
  if (leaf === 'active.fresh') return 'active';
  if (leaf === 'active.expiring') return 'expiring';
  return leaf === 'lapsed.idle' || leaf === 'lapsed.absolute' ? 'lapsed' : 'ended';
}

/** Whether the session lets its user in. */
export const isLive = (leaf: Leaf): boolean => leaf === 'active.fresh' || leaf === 'active.expiring';
