import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest();
const base64url = (data: Uint8Array) => Buffer.from(data).toString('base64url');

/** What a test has an authenticator do wrong. */
export interface Doing {
  /** The origin that the browser says it is at. */
  readonly origin: string;
  /** Of the relying party; default the one of the origin. */
  readonly rpID?: string;
  readonly verifiesUser?: boolean;
  /** How often it says that it was used; default once more than before. */
  readonly counter?: number;
  /** Whose passkey it says this is; default whose it is. */
  readonly user?: string;
}

/** An authenticator in software: one key, which verifies its user. @see WebAuthn Level 3 §6 */
export class Authenticator {
  readonly id = randomBytes(32);
  counter = 0;
  user = '';
  readonly #key: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  #clientData(type: 'webauthn.create' | 'webauthn.get', challenge: string, { origin }: Doing): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  #authenticatorData({ origin, rpID, verifiesUser = true, counter }: Doing, attested?: Uint8Array): Buffer {
    this.counter = counter ?? this.counter + 1;
    const flags = 0x01 | (verifiesUser ? 0x04 : 0) | (attested ? 0x40 : 0);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.counter);
    const parts = [sha256(rpID ?? new URL(origin).hostname), Buffer.from([flags]), count, attested ?? Buffer.alloc(0)];
    return Buffer.concat(parts);
  }

  /** Makes a passkey for what the server asks. */
  create(options: { challenge: string; user: { id: string } }, doing: Doing) {
    this.user = options.user.id;
    const { x = '', y = '' } = this.#key.publicKey.export({ format: 'jwk' });
    const cose = new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
      [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
    ]);
    const length = Buffer.from([0, this.id.length]);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.id, isoCBOR.encode(cose)]);
    const authData = new Uint8Array(this.#authenticatorData({ counter: 0, ...doing }, attested));
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]);
    return {
      id: base64url(this.id),
      rawId: base64url(this.id),
      type: 'public-key' as const,
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(this.#clientData('webauthn.create', options.challenge, doing)),
        attestationObject: base64url(isoCBOR.encode(attestation as never)),
        transports: ['internal'],
      },
    };
  }

  /** Proves who its user is. */
  get({ challenge }: { challenge: string }, doing: Doing) {
    const clientData = this.#clientData('webauthn.get', challenge, doing);
    const authenticatorData = this.#authenticatorData(doing);
    const signed = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), this.#key.privateKey);
    return {
      id: base64url(this.id),
      rawId: base64url(this.id),
      type: 'public-key' as const,
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(clientData),
        authenticatorData: base64url(authenticatorData),
        signature: base64url(signed),
        userHandle: doing.user === undefined ? this.user : base64url(Buffer.from(doing.user)),
      },
    };
  }
}
