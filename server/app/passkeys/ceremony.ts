import { z } from 'zod';
import type { Passkey } from '../store/signIn.ts';

/** Loaded for the first passkey, and not at every start: with what it needs, it is a third of all that a start loads. */
const webAuthn = () => import('@simplewebauthn/server');

const bytesOf = (base64: string) => Buffer.from(base64, 'base64url');
const textOf = (base64: string): string => new TextDecoder().decode(bytesOf(base64));

/** Whom passkeys are for: the origin of the pages; its host is the relying party. */
export interface RelyingParty {
  readonly name: string;
  readonly origin: string;
}

/** EdDSA, ES256 and RS256: what authenticators have, and Node without a warning. @see IANA COSE Algorithms */
const supportedAlgorithmIDs = [-8, -7, -257];

const hostOf = ({ origin }: RelyingParty): string => new URL(origin).hostname;

const base64url = z
  .string()
  .max(16_384)
  .regex(/^[\w-]*$/);
const transports = z.array(z.string().max(40)).max(10);
const shared = {
  id: base64url.min(1).max(1400),
  rawId: base64url.min(1).max(1400),
  type: z.literal('public-key'),
  clientExtensionResults: z.looseObject({}).default({}),
};

/** What `startRegistration` of the browser returns. */
export const registrationResponse = z.object({
  ...shared,
  response: z.object({
    clientDataJSON: base64url.min(1),
    attestationObject: base64url.min(1),
    transports: transports.default([]),
  }),
});

/** What `startAuthentication` of the browser returns. */
export const authenticationResponse = z.object({
  ...shared,
  response: z.object({
    clientDataJSON: base64url.min(1),
    authenticatorData: base64url.min(1),
    signature: base64url.min(1),
    // A passkey that is found without a user name says whose it is.
    userHandle: base64url.min(1),
  }),
});

export type RegistrationResponse = z.infer<typeof registrationResponse>;
export type AuthenticationResponse = z.infer<typeof authenticationResponse>;

/**
 * How a passkey proves who the user is, as registered `amr` values: possession of a key of which nothing attests whether
 * it lives in hardware, by a user who was there and whom the authenticator has verified by a PIN or a part of the body.
 *
 * @see RFC 8176 §2, OpenID Connect EAP ACR Values 1.0 §3, NIST SP 800-63B-4 §3.1.7
 */
export const passkeyMethods: readonly string[] = ['pop', 'user', 'mfa'];

/**
 * What the browser needs to make a passkey that is found without a user name, and that verifies its user each time.
 *
 * @param known the user's other passkeys: an authenticator makes no second one
 */
export const registrationOptions = async (
  party: RelyingParty,
  user: { readonly id: string; readonly name: string },
  known: readonly Passkey[],
) =>
  (await webAuthn()).generateRegistrationOptions({
    rpName: party.name,
    rpID: hostOf(party),
    userName: user.name,
    userDisplayName: user.name,
    userID: new TextEncoder().encode(user.id),
    attestationType: 'none',
    supportedAlgorithmIDs,
    excludeCredentials: known.map(({ id, transports: ways }) => ({ id, transports: [...ways] })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });

/** What the browser needs to have any of its passkeys for this site prove who its user is. */
export const authenticationOptions = async (party: RelyingParty) =>
  (await webAuthn()).generateAuthenticationOptions({ rpID: hostOf(party), userVerification: 'required' });

/** The challenge that a response answers, empty where none can be read. It is believed only as far as it is verified. */
export function challengeOf({ response }: { readonly response: { readonly clientDataJSON: string } }): string {
  try {
    const data: unknown = JSON.parse(textOf(response.clientDataJSON));
    return z.object({ challenge: z.string() }).parse(data).challenge;
  } catch {
    return '';
  }
}

/** The handle that a response tells of its user. It is believed only as far as it is verified. */
export const handleIn = ({ response }: AuthenticationResponse): string => textOf(response.userHandle);

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What is wrong, in one line. */
interface Refused {
  readonly ok: false;
  readonly reason: string;
}

/**
 * Verifies a new passkey.
 *
 * @returns what is to be kept of it
 * @see WebAuthn Level 3 §7.1
 */
export async function verifyRegistration(
  party: RelyingParty,
  response: RegistrationResponse,
  expectedChallenge: string,
): Promise<
  | {
      readonly ok: true;
      readonly passkey: Pick<Passkey, 'id' | 'publicKey' | 'counter' | 'transports' | 'isBoundToDevice'>;
    }
  | Refused
> {
  try {
    const { verified, registrationInfo } = await (
      await webAuthn()
    ).verifyRegistrationResponse({
      response,
      expectedChallenge,
      expectedOrigin: party.origin,
      expectedRPID: hostOf(party),
      requireUserVerification: true,
      supportedAlgorithmIDs,
    });
    if (!verified) return { ok: false, reason: 'the new passkey does not verify' };
    const { credential, credentialDeviceType } = registrationInfo;
    return {
      ok: true,
      passkey: {
        id: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        transports: response.response.transports,
        isBoundToDevice: credentialDeviceType === 'singleDevice',
      },
    };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

/**
 * Verifies a use of a passkey: signature, challenge, origin, relying party, that its user was there and was verified, and
 * that the counter goes on.
 *
 * @see WebAuthn Level 3 §7.2
 */
export async function verifyAuthentication(
  party: RelyingParty,
  response: AuthenticationResponse,
  expectedChallenge: string,
  passkey: Passkey,
): Promise<{ readonly ok: true; readonly counter: number } | Refused> {
  if (handleIn(response) !== passkey.user) return { ok: false, reason: 'the passkey is of another user' };
  try {
    const { verified, authenticationInfo } = await (
      await webAuthn()
    ).verifyAuthenticationResponse({
      response,
      expectedChallenge,
      expectedOrigin: party.origin,
      expectedRPID: hostOf(party),
      requireUserVerification: true,
      credential: {
        id: passkey.id,
        publicKey: bytesOf(passkey.publicKey),
        counter: passkey.counter,
      },
    });
    if (!verified) return { ok: false, reason: 'the signature does not verify' };
    return { ok: true, counter: authenticationInfo.newCounter };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}
