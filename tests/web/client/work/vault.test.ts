import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hours } from '../../../../machines/index.ts';
import { decodeBase64url, encodeBase64url } from '../../../../web/client/http/base64url.ts';
import { encodeEnvelope, decodeEnvelope } from '../../../../web/client/work/envelopeCodec.ts';
import { createVault, hashOf, homeOf, keyRing } from '../../../../web/client/work/vault.ts';
import { t0, vaultKey } from '../../../support/tab.ts';

const times = { savedAt: t0, expiresAt: t0 + hours(36) };

async function openVault(user = 'u1', key = 1) {
  const vault = createVault();
  vault.open(await keyRing(user, { vaultKey: vaultKey(key) }));
  return vault;
}

async function sealed(text: string, name = 'draft.a') {
  const envelope = await (await openVault()).seal(name, text, times);
  if (!envelope) throw new Error('the vault is open');
  return envelope;
}

describe('the vault', () => {
  it('gives back what was put in, through the server’s copy as well', async () => {
    const vault = await openVault();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (text) => {
        const envelope = await vault.seal('draft.a', text, times);
        expect(envelope && (await vault.unseal('draft.a', envelope))).toBe(text);
        const packed = envelope && decodeEnvelope(encodeEnvelope(envelope));
        expect(packed && (await vault.unseal('draft.a', packed))).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  it('writes bytes as everybody does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = encodeBase64url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64url'));
        expect(decodeBase64url(text)).toEqual(bytes);
      }),
    );
  });

  it('keeps 200 kB with emoji and right-to-left text, within the server’s limit', async () => {
    const text = 'שלום עולם — مرحبا 👩🏽‍🚀🏳️‍🌈 é '.repeat(5_000).slice(0, 200_000);
    const vault = await openVault();
    const envelope = await sealed(text);
    expect(await vault.unseal('draft.a', envelope)).toBe(text);
    expect(encodeEnvelope(envelope).length).toBeLessThan(1024 * 1024);
  });

  it('opens nothing for another user, another name, another key, another schema, or without a key', async () => {
    const envelope = await sealed('mine');
    expect(await (await openVault('u2')).unseal('draft.a', envelope)).toBeNull();
    expect(await (await openVault()).unseal('draft.b', envelope)).toBeNull();
    expect(await (await openVault('u1', 2)).unseal('draft.a', envelope)).toBeNull();
    expect(await (await openVault()).unseal('draft.a', { ...envelope, schema: 2 })).toBeNull();
    expect(await (await openVault('u1', 2)).unseal('draft.a', { ...envelope, keyId: 'key-2' })).toBeNull();
    const vault = await openVault();
    vault.clear();
    expect(vault.isOpen()).toBe(false);
    expect(await vault.unseal('draft.a', envelope)).toBeNull();
    expect(await vault.seal('draft.a', 'late', times)).toBeNull();
  });

  it('refuses what has been changed by a single bit', async () => {
    const envelope = await sealed('mine');
    const ciphertext = Uint8Array.from(envelope.ciphertext);
    ciphertext[0] = (ciphertext[0] ?? 0) ^ 1;
    expect(await (await openVault()).unseal('draft.a', { ...envelope, ciphertext })).toBeNull();
  });

  it('ASVS 14.3.1 leaves nothing readable in an envelope: no text, no user, no name', async () => {
    const envelope = await sealed('a secret wish', 'draft.a');
    const written =
      JSON.stringify({ ...envelope, iv: [...envelope.iv] }) + Buffer.from(envelope.ciphertext).toString('latin1');
    for (const word of ['secret wish', '"u1"', 'draft.a']) expect(written).not.toContain(word);
    expect(envelope.iv).not.toEqual((await sealed('a secret wish')).iv);
  });

  it('names homes and records by hashes that only the user’s id gives', async () => {
    expect(await homeOf('u1')).toBe(await homeOf('u1'));
    expect(await homeOf('u1')).not.toBe(await homeOf('u2'));
    expect(await hashOf('u1', 'draft.letter')).not.toContain('letter');
  });

  it('takes anything that is not one of its own texts for nothing', () => {
    for (const text of ['', 'AA', '!!!', 'AQ', Buffer.alloc(10, 200).toString('base64url')])
      expect(decodeEnvelope(text)).toBeNull();
  });

  it('opens with an older key what was put in with it, and puts in with the present one only', async () => {
    const envelope = await sealed('before the password was changed');
    const vault = createVault();
    vault.open(await keyRing('u1', { vaultKey: vaultKey(2), olderKeys: [vaultKey(1)] }));
    expect(await vault.unseal('draft.a', envelope)).toBe('before the password was changed');
    expect((await vault.seal('draft.a', 'after', times))?.keyId).toBe(vaultKey(2).id);
    vault.open(await keyRing('u1', { vaultKey: vaultKey(2) }));
    expect(await vault.unseal('draft.a', envelope)).toBeNull();
  });

  it('asks once for a key that is newer than its own, and uses it from then on', async () => {
    const newer = createVault();
    newer.open(await keyRing('u1', { vaultKey: vaultKey(2), olderKeys: [vaultKey(1)] }));
    const envelope = await newer.seal('draft.a', 'from another tab', times);
    let asked = 0;
    const vault = createVault(async () => {
      asked++;
      return { vaultKey: vaultKey(2), olderKeys: [vaultKey(1)] };
    });
    vault.open(await keyRing('u1', { vaultKey: vaultKey(1) }));
    expect(envelope && (await vault.unseal('draft.a', envelope))).toBe('from another tab');
    expect((await vault.seal('draft.a', 'here', times))?.keyId).toBe(vaultKey(2).id);
    for (let n = 0; n < 3; n++)
      expect(envelope && (await vault.unseal('draft.a', { ...envelope, keyId: 'nobody knows' }))).toBeNull();
    expect(asked).toBe(2);
  });

  it('stays closed when it is dropped while it asks', async () => {
    const envelope = await sealed('text');
    const vault = createVault(async () => {
      vault.clear();
      return { vaultKey: vaultKey(1) };
    });
    vault.open(await keyRing('u1', { vaultKey: vaultKey(2) }));
    expect(await vault.unseal('draft.a', envelope)).toBeNull();
    expect(vault.isOpen()).toBe(false);
  });
});
