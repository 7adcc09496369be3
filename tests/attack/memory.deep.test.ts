import { Agent, request } from 'node:http';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { counted, isSoak } from '../support/soak/counters.ts';
import { folder, Program, serve, tidy, type Server } from '../support/server/child.ts';
import { damageIn } from '../support/server/whole.ts';
import { expectOurs } from '../support/attack/ours.ts';
import { asked, rightPassword, type Sender } from '../support/attack/requests.ts';
import { addressed, keep, type Holder } from '../support/attack/sent.ts';

afterAll(tidy);

const windows = 12;
const windowLasts = isSoak ? 5_000 : 250;
const lanes = isSoak ? 6 : 3;

/** An address of its own for each request, so that the failures of one do not stop all others at the door. */
const somewhere = (n: number) => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;

const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

const megabytes = (bytes: number) => Math.round(bytes / 1e5) / 10;

/** How much memory a server uses, in bytes, when everything that can be collected is. */
function gauges(server: Server): () => Promise<number> {
  let number = 0;
  return async () => {
    number += 1;
    server.kill('SIGUSR2');
    const line = await server.line(new RegExp(`"msg":"gauge","number":${number},`));
    return (JSON.parse(line) as { used: number }).used;
  };
}

/** The one answer that is broken off on purpose: where its session ends, or a newer one is asked for. */
const mayBreakOff = (method: string, path: string) => method === 'GET' && /^\/api\/auth\/me\/export\b/.test(path);

/** @returns the answer, or `null` where it was broken off */
function sendTo(
  port: number,
  agent: Agent,
  { method, path, headers, body }: ReturnType<typeof addressed>,
): Promise<Response | null> {
  return new Promise((resolve, fail) => {
    const reject = (error: Error) => (mayBreakOff(method, path) ? resolve(null) : fail(error));
    const length = body && { 'Content-Length': body.length };
    const sent = request({ port, host: '127.0.0.1', agent, method, path, headers: { ...headers, ...length } });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const status = response.statusCode ?? 0;
      const names = Object.entries(response.headersDistinct).flatMap(([name, values = []]) =>
        values.map((value): [string, string] => [name, value]),
      );
      const chunks: Buffer[] = [];
      const bodyOf = () => ([204, 304].includes(status) ? null : Buffer.concat(chunks));
      const answer = () => resolve(new Response(bodyOf(), { status, headers: names }));
      if (response.headers['content-type'] === 'text/event-stream' && method !== 'HEAD') {
        answer();
        response.destroy();
        return;
      }
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', answer);
    });
    sent.end(body);
  });
}

it('ASVS 16.5.3 a server under a storm of bad requests neither breaks nor grows, and its logs are whole afterwards', async () => {
  const home = folder();
  const server = await serve(home, {
    CURFEW_TRUSTED_PROXIES: '127.0.0.1',
    NODE_OPTIONS: `--import=${join(import.meta.dirname, '..', 'support', 'server', 'processes', 'gauge.ts')}`,
  });
  const port = Number(new URL(server.url).port);
  const used = gauges(server);

  const quiet = new Program(server);
  await quiet.enter('register', 'quiet');
  const gone = new Program(server);
  await gone.enter('register', 'gone');
  const ended: Holder = { token: gone.token, id: gone.id };
  await gone.call('POST', '/api/auth/logout', {});
  const forged = [quiet.token.split('.').slice(0, 2), ended.token?.split('.')[2]].flat().join('.');
  const holders: Record<Sender, Holder> = {
    ada: { token: null, id: 'x' },
    bob: { token: null, id: 'x' },
    ended,
    forger: { token: forged, id: 'x' },
    nobody: { token: null, id: 'x' },
  };
  let people = 0;
  /** Whoever was signed out by a request of their own comes back, as somebody new. */
  const enter = async (name: 'ada' | 'bob') => {
    const program = new Program(server);
    people += 1;
    const { status } = await program.enter('register', `${name} ${people}`, rightPassword);
    expect(status).toBe(201);
    holders[name] = { token: program.token, id: program.id };
  };
  await enter('ada');
  await enter('bob');

  let requests = 0;
  const seen = new Map<number, number>();
  const lane = async (agent: Agent, until: number) => {
    while (performance.now() < until)
      for (const each of fc.sample(asked, { numRuns: 5 })) {
        const holder = holders[each.from];
        const to = addressed(each, holders, quiet.id);
        requests += 1;
        const headers = { 'X-Forwarded-For': somewhere(requests), ...to.headers };
        const response = await sendTo(port, agent, { ...to, headers });
        if (!response) continue;
        seen.set(response.status, (seen.get(response.status) ?? 0) + 1);
        const body = await expectOurs(to, response);
        keep(holder, response.headers.get('Set-Cookie'), body);
        const isOver = response.status === 401 || holder.token === null;
        if (isOver && (each.from === 'ada' || each.from === 'bob') && holder === holders[each.from])
          await enter(each.from);
      }
  };

  const points: number[] = [];
  for (let window = 0; window < windows; window++) {
    const agents = Array.from({ length: lanes }, () => new Agent({ keepAlive: true }));
    const until = performance.now() + windowLasts;
    await Promise.all(agents.map((agent) => lane(agent, until)));
    for (const agent of agents) agent.destroy();
    points.push(await used());
  }

  expect((await quiet.get('/api/auth/session-info')).body.session).toMatchObject({ version: 1, state: 'active' });
  server.kill('SIGTERM');
  const exit = await server.gone;
  const { sessions, events, damaged } = await damageIn(join(home, 'curfew.db'));
  const [early, late] = [median(points.slice(2, 5)), median(points.slice(-3))];
  console.info(`memory in MB after each window: ${points.map(megabytes).join(' ')}`);
  const broken = [...seen].reduce((sum, [status, count]) => sum + (status >= 500 ? count : 0), 0);
  counted('fuzzer', {
    requests,
    '5xx': broken,
    'unhandled rejections': server.err().match(/Unhandled/gi)?.length ?? 0,
    'damaged logs': damaged.length,
    'sessions in the log': sessions,
    'events in the log': events,
    'memory early, MB': megabytes(early),
    'memory late, MB': megabytes(late),
  });
  // An unhandled rejection ends a process of Node with another code, and says so.
  expect(exit).toEqual({ code: 0, signal: null });
  expect(server.err()).toBe('');
  expect(server.out()).not.toContain('"msg":"failure"');
  expect(damaged).toEqual([]);

  // Compiled code and statistics of the engine settle late, hence a fifth; something kept of each request, a body or a
  // closure of 2 kB, would come to more than that within the minute.
  expect(late).toBeLessThan(early * 1.2);
}, 180_000);
