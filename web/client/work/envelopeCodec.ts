import { decodeBase64url, encodeBase64url } from '../http/base64url.ts';
import type { Envelope } from './vault.ts';

const ivLength = 12;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What the server keeps of an envelope as its ciphertext. It knows itself whose it is, and the times stand beside it. */
export type SealedEnvelope = Pick<Envelope, 'keyId' | 'schema' | 'iv' | 'ciphertext'>;

/** One text for the server: schema, length of the key id, key id, iv, ciphertext. */
export function encodeEnvelope({ keyId, schema, iv, ciphertext }: SealedEnvelope): string {
  const id = encoder.encode(keyId);
  const head = [schema, id.length, ...id, ...iv];
  const whole = new Uint8Array(head.length + ciphertext.length);
  whole.set(head);
  whole.set(ciphertext, head.length);
  return encodeBase64url(whole);
}

/** @returns `null` when it is not one of ours. */
export function decodeEnvelope(text: string): SealedEnvelope | null {
  try {
    const whole = decodeBase64url(text);
    const [schema = 0, length = 0] = whole;
    const start = 2 + length;
    if (whole.length < start + ivLength) return null;
    return {
      schema,
      keyId: decoder.decode(whole.subarray(2, start)),
      iv: whole.slice(start, start + ivLength),
      ciphertext: whole.slice(start + ivLength),
    };
  } catch {
    return null;
  }
}
