import { answerOf, isWhole as isWholeLog, sessionIdsOf } from '../server/crashes.ts';
import { Program, type Reply, type Server } from '../server/child.ts';
import { moments, type Kept, type Operation, type Told } from './history.ts';

/** Several clients of several servers. */
export interface Playing {
  /** Whose places may be taken by others meanwhile. */
  readonly nodes: readonly Pick<Server, 'url'>[];
  /** Who is registered already, with the password of every `Program`. */
  readonly users: readonly string[];
  /** How many clients ask at once, and how often each. */
  readonly lanes: number;
  readonly each: number;
  /** What goes wrong meanwhile; the clients go on until it is over. */
  readonly disturb?: () => Promise<unknown>;
}

/** What was asked and answered, and what each server keeps. */
export interface Played {
  readonly history: readonly Operation[];
  readonly kept: readonly ReadonlyMap<string, Kept>[];
}

const stateOf = ({ body }: Reply): string => body?.session?.state ?? 'active';

/** What an answer says of the session that asked. */
function toldBy(reply: Reply | null): Told {
  if (!reply) return 'unknown';
  if (reply.status === 204) return 'done';
  if (reply.status < 300)
    return stateOf(reply) === 'ended' ? 'ended' : stateOf(reply) === 'lapsed' ? 'refused' : 'live';
  return reply.body?.code === 'session_ended' ? 'ended' : 'refused';
}

const any = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(Math.random() * items.length)];

/** How many sessions of a user are known to the clients; those that are over are asked for, too. */
const known = 8;

type Request = readonly [method: string, path: string, json?: object];

interface Asking {
  readonly kind: Operation['kind'];
  readonly user: string;
  readonly program: Program;
  readonly request: Request;
  /** Whose end is asked for, where it is not its own. */
  readonly others?: readonly string[];
}

/** What an answer about others says of them. */
const toldOfOthers = (told: Told): Told => (told === 'done' || told === 'unknown' ? told : 'refused');

class Clients {
  readonly history: Operation[] = [];
  readonly #sessions = new Map<string, Program[]>();
  readonly #next = moments();
  readonly #nodes: Playing['nodes'];

  constructor({ nodes, users }: Playing) {
    this.#nodes = nodes;
    for (const user of users) this.#sessions.set(user, []);
  }

  /** A server, and the program as one of its clients. */
  #at(program: Program | null): { node: number; client: Program } {
    const node = Math.floor(Math.random() * this.#nodes.length);
    const server = this.#nodes[node] ?? { url: '' };
    return { node, client: program?.on(server) ?? new Program(server) };
  }

  async #signIn(user: string): Promise<void> {
    const { node, client } = this.#at(null);
    const begun = this.#next();
    const reply = await answerOf(client.enter('login', user));
    if (reply?.status !== 200) return;
    const about = { kind: 'sign in', user, node, session: client.id, version: client.version } as const;
    this.history.push({ ...about, told: 'live', begun, over: this.#next() });
    const sessions = [client, ...(this.#sessions.get(user) ?? [])];
    this.#sessions.set(user, sessions.slice(0, known));
  }

  /** Asks with a session's token. */
  async #ask({ kind, user, program, request: [method, path, json], others }: Asking): Promise<void> {
    const { node, client } = this.#at(program);
    const begun = this.#next();
    const reply = await answerOf(client.call(method, path, json));
    const over = this.#next();
    const told = toldBy(reply);
    const version = reply && reply.status < 300 ? (reply.body?.session?.version ?? 0) : 0;
    const add = (what: Operation['kind'], session: string, answer: Told) =>
      this.history.push({ kind: what, user, node, session, told: answer, version, begun, over });
    if (told === 'live') program.token = client.token;
    if (!others) add(kind, program.id, told);
    else add('use', program.id, told === 'done' ? 'live' : told);
    for (const other of others ?? []) add('end', other, toldOfOthers(told));
  }

  /** One thing that somebody does. */
  async step(user: string): Promise<void> {
    const sessions = this.#sessions.get(user) ?? [];
    const program = any(sessions);
    const deed = Math.random();
    if (!program || deed < 0.15) return this.#signIn(user);
    const ask = (kind: Operation['kind'], request: Request, others?: readonly string[]) =>
      this.#ask({ kind, user, program, request, ...(others && { others }) });
    if (deed < 0.5) return ask('use', ['GET', '/api/auth/me']);
    if (deed < 0.65) return ask('look', ['GET', '/api/auth/session-info']);
    if (deed < 0.78) return ask('refresh', ['POST', '/api/auth/refresh', {}]);
    if (deed < 0.86) return ask('end', ['POST', '/api/auth/logout', {}]);
    const others = sessions.filter(({ id }) => id !== program.id).map(({ id }) => id);
    if (deed < 0.88) return ask('end', ['DELETE', '/api/auth/sessions'], others);
    const other = any(others);
    return other === undefined ? undefined : ask('end', ['DELETE', `/api/auth/sessions/${other}`], [other]);
  }
}

/** What a server keeps of the sessions of a user, of those included that nobody was told of. What it does not show is not kept. */
async function keptOf(user: string, node: Pick<Server, 'url'>): Promise<[string, Kept][]> {
  const reader = new Program(node);
  // A server that is not ready yet keeps what it keeps all the same.
  let entered = await reader.enter('login', user);
  while (entered.status === 503) entered = await reader.enter('login', user);
  if (entered.status !== 200) throw new Error(`${user} cannot sign in any more: ${entered.status}`);
  const sessions = await sessionIdsOf(reader);
  const kept = sessions.map(async (id): Promise<[string, Kept][]> => {
    const { body: log } = await reader.get(`/api/auth/sessions/${id}/events`);
    if (!log.events) return [];
    const isEnded = String(log.replay.leaf).startsWith('ended');
    return [[id, { entries: log.events.length, isWhole: isWholeLog(log), isEnded }]];
  });
  return (await Promise.all(kept)).flat();
}

/** Has clients ask servers at once, and reads what is kept afterwards. */
export async function play(playing: Playing): Promise<Played> {
  const { nodes, users, lanes, each, disturb } = playing;
  const clients = new Clients(playing);
  const going = { on: disturb !== undefined };
  const lane = async (index: number) => {
    const user = users[index % users.length] ?? '';
    for (let step = 0; step < each || going.on; step++) await clients.step(user);
  };
  const disturbed = disturb?.().finally(() => (going.on = false));
  await Promise.all([...Array.from({ length: lanes }, (_, index) => lane(index)), disturbed]);
  const kept = [];
  for (const node of nodes) {
    const all = await Promise.all(users.map((user) => keptOf(user, node)));
    kept.push(new Map(all.flat()));
  }
  return { history: clients.history, kept };
}
