import { connect, type Connection } from './connection.ts';
import type { Answer } from './answer.ts';
import { quantile } from './figures.ts';
import type { LoadAnswer, LoadOrder } from './orders.ts';

// The load: as many connections as it is told, each asks again as soon as it was answered, and looks at every answer.
type Prepared = Extract<LoadOrder, { type: 'prepare' }>;
/** How long is waited for answers that were asked for in time, in ms. */
const patience = 60_000;

/** @returns what is wrong with an answer, or `null`. */
function faultOf({ head, body }: Answer, expected: string | null, heads: readonly string[]): string | null {
  const lower = heads.length > 0 ? head.toLowerCase() : '';
  const isRight =
    head.startsWith('HTTP/1.1 200') &&
    (expected === null || body === expected) &&
    heads.every((each) => lower.includes(each));
  return isRight ? null : `not as it has to be: ${head}\n\n${body}`;
}

/** Keeps all connections busy for some time; each request is sent `least` times in all, or more. */
async function keepBusy(connections: readonly Connection[], prepared: Prepared, ms: number, least = 0) {
  const { bodies, heads } = prepared;
  const requests = prepared.requests.map((each) => Buffer.from(each, 'latin1'));
  const took: number[] = [];
  let fault: string | null = null;
  let next = 0;
  const end = performance.now() + ms;
  async function goOn(connection: Connection) {
    for (let now = performance.now(); fault === null && (now < end || next < least);) {
      const turn = next % requests.length;
      next += 1;
      const answer = await connection.ask(requests[turn] ?? Buffer.alloc(0));
      fault ??= faultOf(answer, bodies[turn] ?? null, heads);
      const answered = performance.now();
      took.push(answered - now);
      now = answered;
    }
  }
  const close = setTimeout(() => connections.forEach((each) => each.close()), ms + patience);
  await Promise.all(connections.map(goOn)).finally(() => clearTimeout(close));
  return { took, fault };
}

let open: { connections: Connection[]; prepared: Prepared } | null = null;

async function prepare(prepared: Prepared): Promise<LoadAnswer> {
  const connections: Connection[] = [];
  for (let each = 0; each < prepared.connections; each += 1) connections.push(await connect(prepared.port));
  open = { connections, prepared };
  const { fault } = await keepBusy(connections, prepared, prepared.warmUp, prepared.least);
  return { count: 0, p50: 0, p99: 0, fault };
}

async function go(ms: number): Promise<LoadAnswer> {
  if (open === null) throw new Error('Nothing is prepared');
  const { connections, prepared } = open;
  const { took, fault } = await keepBusy(connections, prepared, ms);
  open = null;
  for (const each of connections) each.close();
  return { count: took.length, p50: quantile(took, 0.5), p99: quantile(took, 0.99), fault };
}

process.on('disconnect', () => process.exit());
process.on('message', (order: LoadOrder) => {
  const done = order.type === 'prepare' ? prepare(order) : go(order.ms);
  done
    .catch((error: Error): LoadAnswer => ({ count: 0, p50: 0, p99: 0, fault: error.message }))
    .then((answer) => process.send?.(answer))
    .catch(() => process.exit(1));
});
process.send?.({});
