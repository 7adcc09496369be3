import { describe, expect, it } from 'vitest';
import { openDraft } from '../../../server/keys/draftEnvelope.ts';
import { encodeEnvelope } from '../../../web/client/work/envelopeCodec.ts';
import { createVault, keyRing } from '../../../web/client/work/vault.ts';

const keyOf = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte).toString('base64url') });
const [older, present] = [keyOf('older', 1), keyOf('present', 2)];
const name = 'draft.letter';

/** A draft as the browser encrypts it. */
async function sealed(text: string, vaultKey = present, user = 'ada'): Promise<string> {
  const vault = createVault();
  vault.open(await keyRing(user, { vaultKey }));
  const envelope = await vault.seal(name, text, { savedAt: 1, expiresAt: 2 });
  if (!envelope) throw new Error('there is a key');
  return encodeEnvelope(envelope);
}

const keys = { vaultKey: present, olderKeys: [older] };
const ada = { user: 'ada', name, keys };

describe('a draft that the browser has encrypted', () => {
  it.each(['', 'Dear Ines', 'ünïcode 🕯 \r\n\u0000', 'x'.repeat(100_000)])(
    'is read with the present key and with an older one (%#)',
    async (text) => {
      expect(openDraft(await sealed(text), ada)).toBe(text);
      expect(openDraft(await sealed(text, older), ada)).toBe(text);
    },
  );

  it('is not read as another user’s, under another name, or with another key of the same id', async () => {
    const ciphertext = await sealed('Dear Ines');
    expect(openDraft(ciphertext, { ...ada, user: 'bob' })).toBeNull();
    expect(openDraft(ciphertext, { ...ada, name: 'draft.other' })).toBeNull();
    expect(openDraft(ciphertext, { ...ada, keys: { vaultKey: { ...older, id: present.id } } })).toBeNull();
    expect(openDraft(ciphertext, { ...ada, keys: { vaultKey: older } })).toBeNull();
  });

  it('is not read when a bit of it was changed, wherever', async () => {
    const whole = Buffer.from(await sealed('Dear Ines'), 'base64url');
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect([at, openDraft(changed.toString('base64url'), ada)]).toEqual([at, null]);
    }
  });

  it('is not read when it is none, or is cut off', async () => {
    const whole = Buffer.from(await sealed('Dear Ines'), 'base64url');
    for (let length = 0; length < whole.length; length++)
      expect([length, openDraft(whole.subarray(0, length).toString('base64url'), ada)]).toEqual([length, null]);
    expect(openDraft('Y2lwaGVy', ada)).toBeNull();
  });
});
