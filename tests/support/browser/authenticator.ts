import type { Page } from 'playwright-core';

/** What a test can do with the authenticator. */
export interface Given {
  /** How many passkeys it holds. */
  readonly count: () => Promise<number>;
  /** Whether it knows its user from now on. */
  readonly verifies: (isUserVerified: boolean) => Promise<void>;
}

/**
 * Gives a page's browser an authenticator that verifies its user, as a phone or a laptop has one.
 *
 * @see WebAuthn Level 3 §11
 */
export async function giveAuthenticator(page: Page): Promise<Given> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    count: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    verifies: async (isUserVerified) =>
      void (await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })),
  };
}
