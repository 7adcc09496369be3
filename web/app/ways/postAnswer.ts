import type { FinishOptions } from '../../client/index.ts';

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/**
 * Posts what the provider has answered, in the address of this page, to the application's route: the token comes in the
 * answer to that. Where the server wants a proof of now, the user goes to the provider once more.
 *
 * @param answer the query with which the provider sent the user here
 */
export const postAnswer =
  (answer: string): NonNullable<FinishOptions['send']> =>
  async ({ fetch }) => {
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ answer: answer.replace(/^\?/, '') });
    const response = await fetch('/api/sign-in/oidc', { method: 'POST', headers, body });
    // Here it was no password that was wrong.
    if (response.status === 401) throw new Error('nobody is signed in');
    const told: unknown = response.ok ? await response.clone().json() : null;
    if (isFields(told) && typeof told['again'] === 'string') {
      location.replace(told['again']);
      await new Promise(() => {});
    }
    return response;
  };
