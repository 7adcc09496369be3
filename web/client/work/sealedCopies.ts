import type { Instant } from '../../../machines/index.ts';
import type { DraftCopy } from './draft.types.ts';
import type { Envelope, Vault } from './vault.ts';

/** Encrypts and decrypts the copies of drafts. */
export interface SealedCopies {
  /** @returns `null` when there is no key. */
  readonly seal: (name: string, copy: DraftCopy) => Promise<Envelope | null>;
  /** @returns `null` when there is no envelope, or none that can be read. */
  readonly open: (name: string, envelope: Envelope | null) => Promise<DraftCopy | null>;
}

/** @param expiresAt until when what is sealed now is kept */
export const sealedCopies = (vault: Vault, expiresAt: () => Instant): SealedCopies => ({
  seal: (name, { value, savedAt }) => vault.seal(name, value, { savedAt, expiresAt: Math.max(expiresAt(), savedAt) }),
  async open(name, envelope) {
    const value = envelope && (await vault.unseal(name, envelope));
    return envelope && typeof value === 'string' ? { value, savedAt: envelope.savedAt } : null;
  },
});
