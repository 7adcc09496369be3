import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createWorld, origin, type WorldOptions } from '../server/world.ts';
import { OidcBrowser } from './browser.ts';
import { startProvider, type TestProvider } from './provider.ts';

/** Where the page at the end of a sign-in is, and what it tells. */
export const landed = (problem?: string, returnTo = '/') =>
  `/signed-in.html?${new URLSearchParams({ returnTo, ...(problem !== undefined && { problem }) })}`;

/** Starts a provider for the tests of a file. @returns how to get it once they run */
export function oneProvider(): () => TestProvider {
  let provider: TestProvider;
  beforeAll(async () => {
    provider = await startProvider();
    await provider.register(origin);
  });
  afterAll(() => provider?.stop());
  beforeEach(() =>
    provider.set({ silent: false, dropsAuthTime: false, dropsSid: false, holdsCodes: false, amr: ['pwd', 'otp'] }),
  );
  return () => provider;
}

/** A world whose users sign in at a provider, whose clock goes with the world's. */
export async function oidcWorld(provider: TestProvider, options: WorldOptions = {}) {
  const made = await createWorld({ ...options, oidc: provider.env });
  await provider.setNow(made.now());
  const pass = async (ms: number) => {
    made.pass(ms);
    await provider.setNow(made.now());
  };
  const refusals = () =>
    made.lines.filter(({ msg }) => msg === 'sign_in_refused').map(({ code, by }) => `${String(by)}: ${String(code)}`);
  return { ...made, pass, refusals, browser: () => new OidcBrowser(made, provider) };
}
