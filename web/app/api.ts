import { useCallback } from 'react';
import { useCurfew, type RequestOptions } from '../react/index.ts';
import { asksForProof, type Guard } from './shapes.ts';

/** Why a call did not do what was asked. */
export type Trouble = 'unreachable' | 'gone' | 'too_large' | 'unproved' | 'refused' | 'failed';

/** What came of a call. */
export type Outcome<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly trouble: Trouble };

async function troubleIn(response: Response): Promise<Trouble> {
  const { status } = response;
  if (status === 404) return 'gone';
  if (status === 413) return 'too_large';
  if (status === 403 && asksForProof(await response.json().catch(() => null))) return 'unproved';
  return status >= 500 ? 'failed' : 'refused';
}

/** Calls the application's API: reading happens by itself, changing is what a person did. */
export function useApi() {
  const { fetch } = useCurfew();
  return useCallback(
    async <Value>(path: string, is: Guard<Value>, method = 'GET', json?: object): Promise<Outcome<Value>> => {
      const init: RequestOptions = {
        method,
        activity: method === 'GET' ? 'background' : 'user',
        ...(json && { body: JSON.stringify(json), headers: { 'Content-Type': 'application/json' } }),
      };
      try {
        const response = await fetch(path, init);
        if (!response.ok) return { ok: false, trouble: await troubleIn(response) };
        const body: unknown = response.status === 204 ? null : await response.json();
        return is(body) ? { ok: true, value: body } : { ok: false, trouble: 'failed' };
      } catch {
        return { ok: false, trouble: 'unreachable' };
      }
    },
    [fetch],
  );
}
