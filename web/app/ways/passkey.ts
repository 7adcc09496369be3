import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/browser';
import type { ProveElsewhere } from '../../react/index.ts';

/** Whether this browser has passkeys at all. */
export const hasPasskeysHere = browserSupportsWebAuthn;

/** How the credential of the tab travels. */
type Transport = 'cookie' | 'bearer';

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const hasChallenge = (body: unknown): body is { readonly options: { readonly challenge: string } } =>
  isFields(body) && isFields(body['options']) && typeof body['options']['challenge'] === 'string';

/** What the server asks of a passkey that is to prove who its user is. */
const asksForPasskey = (body: unknown): body is { readonly options: PublicKeyCredentialRequestOptionsJSON } =>
  hasChallenge(body);

/** What the server asks of a passkey that is to be made. */
export const asksToRegister = (body: unknown): body is { readonly options: PublicKeyCredentialCreationOptionsJSON } =>
  hasChallenge(body) && 'user' in body.options;

const post = (json: object): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(json),
});

/**
 * Signs in by a passkey: at the front door, at the locked screen, or before something that needs a recent proof.
 *
 * @see WebAuthn Level 3 §7.2
 */
export const byPasskey =
  (transport: Transport, remember = false): ProveElsewhere =>
  async ({ fetch, session, signal }) => {
    const asked = await fetch('/api/sign-in/passkey/options', post({}));
    if (!asked.ok) return asked;
    const body: unknown = await asked.json();
    if (!asksForPasskey(body)) throw new TypeError('the server asks for no passkey');
    signal.addEventListener('abort', () => WebAuthnAbortService.cancelCeremony());
    const response = await startAuthentication({ optionsJSON: body.options });
    const proof = { response, transport, remember, ...(session !== null && { session }) };
    return fetch('/api/sign-in/passkey', post(proof));
  };

/** Makes a passkey. @returns `null` when the user, or the authenticator, does not want to */
export async function makePasskey(
  options: PublicKeyCredentialCreationOptionsJSON,
): Promise<RegistrationResponseJSON | null> {
  try {
    return await startRegistration({ optionsJSON: options });
  } catch (error) {
    // Whatever it was: there is no passkey, and the browser has said why.
    if (error instanceof Error) return null;
    throw error;
  }
}
