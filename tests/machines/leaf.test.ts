import { describe, expect, it } from 'vitest';
import { isLeaf, isLive, leafOf, leaves, phaseOf, valueOf } from '../../machines/index.ts';

const phases = {
  'active.fresh': 'active',
  'active.expiring': 'expiring',
  'lapsed.idle': 'lapsed',
  'lapsed.absolute': 'lapsed',
  'ended.expired': 'ended',
  'ended.signedOut': 'ended',
  'ended.revoked': 'ended',
  'ended.displaced': 'ended',
  'ended.compromised': 'ended',
} as const;

describe('the leaves of a session', () => {
  it('are all there, each once', () => {
    expect(leaves).toEqual(Object.keys(phases));
  });

  it.each(Object.entries(phases))('know that %s is %s, and whether it lets somebody in', (leaf, phase) => {
    if (!isLeaf(leaf)) throw new Error(`${leaf} is no leaf`);
    expect(phaseOf(leaf)).toBe(phase);
    expect(isLive(leaf)).toBe(phase === 'active' || phase === 'expiring');
  });

  it('are written as XState has them, and read again', () => {
    expect(valueOf('active.fresh')).toEqual({ active: 'fresh' });
    for (const leaf of leaves) {
      const [phase = '', name] = leaf.split('.');
      expect(valueOf(leaf)).toEqual({ [phase]: name });
      expect(leafOf(valueOf(leaf))).toBe(leaf);
    }
  });

  it('are nothing else', () => {
    for (const text of ['', 'active', 'active.idle', 'ended', 'toString']) expect(isLeaf(text)).toBe(false);
    const value = { active: 'resurrected' } as never;
    expect(() => leafOf(value)).toThrow('a session is always in one of its leaves, not in active.resurrected');
  });
});
