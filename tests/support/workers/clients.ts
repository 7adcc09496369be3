import { afterAll, afterEach } from 'vitest';
import { bundleApplication, startApplication } from './application.ts';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import type { Running, Served } from './workerd.ts';

/** What is sent besides of the path. */
export interface Asked {
  readonly json?: object;
  readonly form?: Record<string, string>;
  readonly token?: string | undefined;
  readonly cookie?: string | undefined;
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly body?: string;
}

/** Applications of one file of tests: each on objects of its own, and ended and removed when its test is over. */
export function applications() {
  const running: Running[] = [];
  const folders: string[] = [];
  let bundled: Promise<string> | null = null;
  afterEach(async () => void (await Promise.all(running.splice(0).map(({ kill }) => kill()))));
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  function place(): string {
    const folder = mkdtempSync(join(tmpdir(), 'curfew-workerd-'));
    folders.push(folder);
    return folder;
  }

  async function bundledOnce(): Promise<string> {
    const folder = place();
    await bundleApplication(folder);
    return folder;
  }

  async function start(folder: string, options: object = {}, other: Partial<Served> = {}) {
    const one = await startApplication(folder, options, other);
    running.push(one);
    const ask = (path: string, { json, form, token, cookie, headers, method, body }: Asked = {}) =>
      fetch(`${one.url}/${path}`, {
        method: method ?? (json || form ? 'POST' : 'GET'),
        redirect: 'manual',
        headers: {
          ...(json && { 'Content-Type': 'application/json' }),
          'Sec-Fetch-Site': 'same-origin',
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
          ...(cookie !== undefined && { Cookie: cookie }),
          ...headers,
        },
        ...(json && { body: JSON.stringify(json) }),
        ...(form && { body: new URLSearchParams(form) }),
        ...(body !== undefined && { body }),
      });
    const call = async (verb: string, json: object = {}, asked: Asked = {}) => {
      const answer = await ask(`verbs/${verb}`, { ...asked, json });
      return { answer, ...(await answer.json()) };
    };
    return { ...one, folder, ask, call };
  }

  return {
    start,
    /** On new objects, with what plugins make of the sources. */
    async fresh(options: object = {}, plugins: readonly Plugin[] = []) {
      const folder = place();
      if (plugins.length > 0) await bundleApplication(folder, plugins);
      else cpSync(await (bundled ??= bundledOnce()), folder, { recursive: true });
      return start(folder, options);
    },
  };
}

export type Application = Awaited<ReturnType<ReturnType<typeof applications>['start']>>;

export const cookieOf = (answer: Response): string => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';

/** The token of somebody who has just registered, or signed in. */
export const tokenOf = async ({ ask }: Application, how: 'register' | 'login', username: string): Promise<string> =>
  (
    await (
      await ask(`api/auth/${how}`, { json: { username, password: 'pässwörter für alle', transport: 'bearer' } })
    ).json()
  ).token;
