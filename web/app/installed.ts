declare global {
  interface Window {
    /** @see https://www.w3.org/TR/trusted-types/ */
    readonly trustedTypes?: {
      readonly createPolicy: (
        name: string,
        rules: { readonly createScriptURL: () => string },
      ) => { readonly createScriptURL: (url: string) => string };
    };
  }
}

/** Where a page wants its scripts vouched for, its policy is to allow `curfew-application`. */
const workerUrl = (): string => {
  const path = '/sw.js';
  const policy = window.trustedTypes?.createPolicy('curfew-application', { createScriptURL: () => path });
  return policy?.createScriptURL(path) ?? path;
};

async function register(): Promise<void> {
  try {
    await navigator.serviceWorker.register(workerUrl(), { scope: '/', updateViaCache: 'none' });
  } catch {
    // Where the browser has none, or denies it, the application starts from the network alone.
  }
}

/** Has the browser keep what the application starts from, so that it can be installed, and opens without a network. */
export function keepShell(): void {
  if (import.meta.env.PROD) addEventListener('load', () => void register(), { once: true });
}
