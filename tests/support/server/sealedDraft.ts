import { encodeEnvelope } from '../../../web/client/work/envelopeCodec.ts';
import { createVault, keyRing } from '../../../web/client/work/vault.ts';
import type { Client } from './world.ts';

/** Preserves a text on the server as the browser of a user does: encrypted with the key that it gets. */
export async function sealedDraft(client: Client, name: string, text: string, savedAt: number): Promise<void> {
  const keys = (await client.get('/api/auth/vault-key')).body;
  const vault = createVault();
  vault.open(await keyRing(client.user?.id ?? '', keys));
  const envelope = await vault.seal(name, text, { savedAt, expiresAt: savedAt });
  if (!envelope) throw new Error('there is a key');
  const { status } = await client.call('PUT', `/api/drafts/${name}`, { ciphertext: encodeEnvelope(envelope), savedAt });
  if (status !== 201) throw new Error(`the draft was answered with ${status}`);
}
