import { vi } from 'vitest';
import { send, type Reply } from '../server/child.ts';

/** What a request carries besides its method and path. */
export interface Carried {
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/** A browser without pages: it keeps cookies, and says where its requests come from, as pages of the server do. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  /** Every cookie that an answer has ever set, deleted ones included. */
  readonly everSet: (readonly [name: string, value: string])[] = [];
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  private keep(lines: readonly string[]): void {
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const expires = /;\s*expires=([^;]+)/i.exec(line)?.[1];
      const isOver = /;\s*max-age=0/i.test(line) || (expires !== undefined && Date.parse(expires) < Date.now());
      if (isOver || value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
      if (value !== '') this.everSet.push([name, value]);
    }
  }

  async send(method: string, path: string, { headers = {}, json }: Carried = {}): Promise<Reply> {
    const body = json === undefined ? undefined : JSON.stringify(json);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await send(this.url, {
      method,
      path,
      body,
      headers: {
        'Sec-Fetch-Site': 'same-origin',
        ...(method !== 'GET' && { Origin: new URL(this.url).origin }),
        ...(cookie !== '' && { Cookie: cookie }),
        ...(body !== undefined && {
          'Content-Type': 'application/json',
          'Content-Length': `${Buffer.byteLength(body)}`,
        }),
        ...headers,
      },
    });
    this.keep(reply.headers['set-cookie'] ?? []);
    return reply;
  }

  get(path: string): Promise<Reply> {
    return this.send('GET', path);
  }

  post(path: string, json?: unknown): Promise<Reply> {
    return this.send('POST', path, { json });
  }

  /** Waits until the server says so of the session, without doing anything that keeps it alive. */
  async until(state: string, base = '/api'): Promise<void> {
    const look = async () => {
      const { body } = await this.get(`${base}/auth/session-info`);
      if (body?.session?.state !== state) throw new Error(`the session is not ${state}: ${JSON.stringify(body)}`);
    };
    await vi.waitFor(look, { timeout: 60_000, interval: 100 });
  }
}
