/** What the page at the end of a sign-in tells: where the user came from, and why it did not work, if so. */
export interface Landing {
  readonly returnTo: string;
  /** A problem's code; `null` when it worked. */
  readonly problem: string | null;
}

/** Where that page is, below the application's origin. */
export const landingPage = '/signed-in.html';

/** The page that ends a sign-in at a provider. It starts no application: it tells the other tabs, and goes. */
export const landingPath = ({ returnTo, problem }: Landing): string =>
  `${landingPage}?${new URLSearchParams({ returnTo, ...(problem !== null && { problem }) }).toString()}`;
