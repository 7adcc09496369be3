import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join, resolve } from 'node:path';

/**
 * Prints how many requests a second of CPU time answers, of this checkout and of another one, round by round in turns:
 *
 *     node tests/bench/requests.ts [FOLDER OF ANOTHER CHECKOUT] [REQUESTS A ROUND] [ROUNDS]
 *
 * Servers are processes of their own on SQLite files, asked over sockets; only their CPU time counts, so that a busy
 * machine makes the numbers no worse than they are.
 */

const here = join(import.meta.dirname, '..', '..');
const [other, requests = '4000', rounds = '7'] = process.argv.slice(2);
const atOnce = 8;

interface Ask {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Scene {
  readonly name: string;
  /** The `activityResolution` of the policy, in ms; '' leaves it as it is. */
  readonly resolution: string;
  readonly transport: 'cookie' | 'bearer';
  readonly ask: Pick<Ask, 'method' | 'path' | 'body'>;
}

const hello = { method: 'GET', path: '/api/hello' };
const scenes: readonly Scene[] = [
  { name: 'a protected route, cookie', resolution: '', transport: 'cookie', ask: hello },
  { name: 'a protected route, bearer', resolution: '', transport: 'bearer', ask: hello },
  { name: 'a protected route, recorded as activity', resolution: '0', transport: 'cookie', ask: hello },
  {
    name: 'a report of activity, with its body',
    resolution: '',
    transport: 'cookie',
    ask: { method: 'POST', path: '/api/auth/activity', body: '{"ageMs":0}' },
  },
  {
    name: 'a refresh',
    resolution: '',
    transport: 'cookie',
    ask: { method: 'POST', path: '/api/auth/refresh', body: '{"intent":"rotate"}' },
  },
];

const agent = new Agent({ keepAlive: true, maxSockets: atOnce });

function send(port: number, { method, path, headers, body }: Ask) {
  return new Promise<{ status: number; text: string; cookie: string | undefined }>((done, fail) => {
    const sized = body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': body.length };
    const sent = request(
      { agent, host: '127.0.0.1', port, method, path, headers: { ...headers, ...sized } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('end', () =>
          done({ status: answer.statusCode ?? 0, text, cookie: answer.headers['set-cookie']?.[0]?.split(';')[0] }),
        );
      },
    );
    sent.on('error', fail).end(body);
  });
}

async function told(server: ChildProcess): Promise<Record<string, number>> {
  const [message]: unknown[] = await once(server, 'message');
  return typeof message === 'object' && message !== null ? { ...message } : {};
}

/** Somebody who asks one thing after another, with the credential that was handed out last. */
async function signedIn(port: number, number: number, { transport, ask }: Scene) {
  const { cookie, text } = await send(port, {
    method: 'POST',
    path: '/api/auth/register',
    headers: { 'Sec-Fetch-Site': 'same-origin' },
    body: JSON.stringify({ username: `ada ${number}`, password: 'correct horse', transport }),
  });
  const { token }: { token?: string } = JSON.parse(text);
  let jar = cookie;
  return async () => {
    const headers: Record<string, string> =
      transport === 'cookie'
        ? { Cookie: jar ?? '', 'Sec-Fetch-Site': 'same-origin' }
        : { Authorization: `Bearer ${token}` };
    const answer = await send(port, { ...ask, headers });
    if (answer.status !== 200) throw new Error(`${ask.method} ${ask.path} answered ${answer.status}`);
    jar = answer.cookie ?? jar;
  };
}

/** A server with some people signed in, and what asking it costs. */
async function served(root: string, scene: Scene) {
  const server = fork(join(import.meta.dirname, 'served.ts'), [resolve(root), scene.resolution], { cwd: root });
  const { port = 0 } = await told(server);
  const people: (() => Promise<void>)[] = [];
  for (let number = 0; number < atOnce; number += 1) people.push(await signedIn(port, number, scene));
  let left = 0;
  const goOn = async (ask: () => Promise<void>) => {
    for (; left > 0;) {
      left -= 1;
      await ask();
    }
  };
  return {
    /** @returns how many requests a second of CPU time answers. */
    async round(count: number): Promise<number> {
      server.send('begin');
      await told(server);
      left = count;
      await Promise.all(people.map(goOn));
      server.send('end');
      const { cpuSeconds = Number.NaN } = await told(server);
      return count / cpuSeconds;
    },
    stop: () => server.disconnect(),
  };
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const shown = (numbers: readonly number[]) => numbers.map((each) => String(Math.round(each)).padStart(6)).join('');

for (const scene of scenes) {
  const checkouts = await Promise.all(
    [...(other === undefined ? [] : [other]), here].map((root) => served(root, scene)),
  );
  const measured: number[][] = checkouts.map(() => []);
  for (const checkout of checkouts) await checkout.round(Number(requests) / 2);
  for (let round = 0; round < Number(rounds); round += 1)
    for (const [index, checkout] of checkouts.entries()) measured[index]?.push(await checkout.round(Number(requests)));
  for (const checkout of checkouts) checkout.stop();
  console.log(`${scene.name}, requests a second of CPU time`);
  const names = [...(other === undefined ? [] : ['there']), 'here'];
  for (const [index, name] of names.entries())
    console.log(
      `  ${name.padEnd(6)}${shown(measured[index] ?? [])}   median ${shown([median(measured[index] ?? [])])}`,
    );
  const [before, after] = measured;
  if (before && after) console.log(`  here / there: ${(median(after) / median(before)).toFixed(2)}`);
}
agent.destroy();
