import type { Way } from '../routes/ways.ts';
import type { OidcProvider } from './oidc/provider.ts';
import type { AppStore } from './store/appStore.ts';

const singleSignOn = ({ name }: OidcProvider): Way => ({ kind: 'sso', name, url: '/api/oidc/start' });

/** The ways that the sign-in page offers to a user of whom nothing is known. */
export const signInWays = (provider: OidcProvider | null): readonly Way[] => [
  { kind: 'password' },
  { kind: 'passkey' },
  ...(provider ? [singleSignOn(provider)] : []),
];

/** What the ways of a user depend on. */
export interface WaysParts {
  readonly store: Pick<AppStore, 'identities' | 'passkeys' | 'hasPassword'>;
  readonly provider: OidcProvider | null;
}

/** The ways in which one user can sign in again, the one they are most likely to want first. */
export async function waysOf({ provider, store }: WaysParts, user: string): Promise<readonly Way[]> {
  const [known, own, isPasswordSet] = await Promise.all([
    store.identities.of(user),
    store.passkeys.of(user),
    store.hasPassword(user),
  ]);
  const isKnownThere = known.some(({ issuer }) => provider?.isIssuer(issuer) === true);
  const ways: Way[] = [];
  if (provider && isKnownThere) ways.push(singleSignOn(provider));
  if (isPasswordSet) ways.push({ kind: 'password' });
  if (own.length > 0) ways.push({ kind: 'passkey' });
  return ways;
}
