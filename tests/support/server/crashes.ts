import { expect } from 'vitest';
import { replay } from '../../../machines/index.ts';
import { verifyChain, type LogEntry } from '../../../server/index.ts';
import { Program, serve, stopped, type Reply, type Server } from './child.ts';

/** What to kill, and how often. */
export interface Crashing {
  /** A folder of the server's own. */
  readonly home: string;
  /** Its environment, for another database than the one in the folder. */
  readonly env?: Readonly<Record<string, string>>;
  readonly kills: number;
  /** How many programs use it at once. */
  readonly lanes?: number;
  /** Something to go wrong in place of `kill -9`; it ends with the server running again. */
  readonly crash?: (server: Server, start: () => Promise<Server>) => Promise<Server>;
}

/** What was counted: everything but `lostEvents`, `halfEvents` and `lostWrites` is a measure of how much was tried. */
export interface CrashCounts {
  readonly kills: number;
  readonly acknowledgedEvents: number;
  readonly lostEvents: number;
  /** Sessions whose chain does not verify, or whose stored state is not what their log says. */
  readonly halfEvents: number;
  readonly acknowledgedWrites: number;
  /** Preserved work and messages that were acknowledged and are not there. */
  readonly lostWrites: number;
}

/** A program that remembers what was acknowledged to it. */
class Witness {
  readonly program: Program;
  /** The last preserved work that was acknowledged, and the one that may be there instead. */
  draft: { acknowledged: string | null; sent: string } = { acknowledged: null, sent: '' };
  readonly messages: { readonly conversation: string; readonly body: string }[] = [];
  isOver = false;
  /** The version of its session that the last look has told. */
  told = 0;
  /** A sign-out was sent whose answer never came. */
  mayBeOver = false;

  constructor(program: Program) {
    this.program = program;
  }
}

const wentAway = /ECONNRESET|ECONNREFUSED|EPIPE|socket hang up|aborted/;

/** Waits for an answer. @returns `null` when the server went away before there was one, or cannot answer now. */
export async function answerOf(asked: Promise<Reply>): Promise<Reply | null> {
  try {
    const reply = await asked;
    return reply.status === 503 ? null : reply;
  } catch (error) {
    expect(String(error)).toMatch(wentAway);
    return null;
  }
}

const deeds = [
  async (witness: Witness) => answerOf(witness.program.call('POST', '/api/auth/refresh', {})),
  async (witness: Witness) => answerOf(witness.program.call('POST', '/api/auth/refresh', { intent: 'extend' })),
  async (witness: Witness) => answerOf(witness.program.call('POST', '/api/auth/activity', { ageMs: 0 })),
  async (witness: Witness) => {
    const sent = `draft${witness.program.version}x${Math.random().toString(36).slice(2)}`;
    witness.draft = { ...witness.draft, sent };
    const path = `/api/drafts/${witness.program.id}`;
    const reply = await answerOf(witness.program.call('PUT', path, { ciphertext: sent, savedAt: 1 }));
    if (reply && reply.status < 300) witness.draft = { acknowledged: sent, sent };
    return reply;
  },
  async (witness: Witness) => {
    const made = await answerOf(witness.program.call('POST', '/api/conversations', { title: 'Plans' }));
    if (!made) return null;
    const conversation = String(made.body.conversation.id);
    const body = `message ${Math.random()}`;
    const reply = await answerOf(witness.program.call('POST', `/api/conversations/${conversation}/messages`, { body }));
    if (reply) witness.messages.push({ conversation, body });
    return reply;
  },
] as const;

/** One program after another, until the server is gone or `answered` says that all is over. @returns who was let in. */
async function lane(server: Server, username: string, answered: () => boolean): Promise<Witness[]> {
  const witnesses: Witness[] = [];
  for (;;) {
    const witness = new Witness(new Program(server));
    const entered = await answerOf(witness.program.enter('login', username));
    if (!entered) return witnesses;
    expect(entered.status).toBe(200);
    witnesses.push(witness);
    if (!answered()) return witnesses;
    for (let time = 0; time < 6; time++) {
      const deed = deeds[Math.floor(Math.random() * deeds.length)] ?? deeds[0];
      const reply = await deed(witness);
      if (!reply) return witnesses;
      expect(reply.status).toBeLessThan(300);
      if (!answered()) return witnesses;
    }
    if (Math.random() < 0.5) continue;
    witness.mayBeOver = true;
    const out = await answerOf(witness.program.call('POST', '/api/auth/logout', {}));
    if (!out) return witnesses;
    witness.isOver = true;
    if (!answered()) return witnesses;
  }
}

/** Whether the chain of a log verifies, and its entries lead to what is shown. */
export const isWhole = ({ events, replay: told }: { events: readonly LogEntry[]; replay: object }) =>
  verifyChain(events) === null && JSON.stringify(replay(events)) === JSON.stringify(told);

interface Found {
  lost: number;
  half: number;
  lostWrites: number;
}

/** Looks whether everything that was acknowledged to a program is there, and whether its token still works. */
async function check(witness: Witness, server: Server, reader: Program): Promise<Found> {
  const found: Found = { lost: 0, half: 0, lostWrites: 0 };
  const program = witness.program.on(server);
  const { body: log } = await reader.get(`/api/auth/sessions/${program.id}/events`);
  if (!log?.events) return { ...found, lost: program.version };
  const wanted = program.version + (witness.isOver ? 1 : 0);
  found.lost += Math.max(0, wanted - log.events.length);
  if (!isWhole(log)) found.half += 1;

  const info = await program.get('/api/auth/session-info');
  expect(info.status).toBe(200);
  const { state, version } = info.body.session;
  if (witness.isOver) expect(state).toBe('ended');
  else if (!witness.mayBeOver) expect(state).toBe('active');
  if (version !== log.events.length) found.half += 1;
  // Nothing is left but the words of the last one that may have got through.
  if (witness.draft.acknowledged !== null) {
    const { body } = await reader.get(`/api/drafts/${program.id}`);
    if (body?.ciphertext !== witness.draft.acknowledged && body?.ciphertext !== witness.draft.sent)
      found.lostWrites += 1;
  }
  for (const { conversation, body: text } of witness.messages) {
    const { body } = await reader.get(`/api/conversations/${conversation}`);
    if (!body?.messages?.some((message: { body: string }) => message.body === text)) found.lostWrites += 1;
  }
  // The story goes on, with the token of before.
  if (state === 'active') expect((await program.call('POST', '/api/auth/refresh', {})).status).toBe(200);
  else expect((await program.get('/api/auth/me')).body.code).toBe('session_ended');
  witness.program.token = program.token;
  // What was read above has told the version, a sign-out included.
  witness.told = program.version;
  return found;
}

/** The ids of all sessions of a user, page by page; of none where they are not shown. */
export async function sessionIdsOf(reader: Program): Promise<readonly string[]> {
  const ids: string[] = [];
  let next: string | undefined;
  do {
    const after = next === undefined ? '' : `&after=${encodeURIComponent(next)}`;
    const { body } = await reader.get(`/api/auth/sessions?ended=true${after}`);
    ids.push(...(body?.sessions ?? []).map(({ id }: { id: string }) => id));
    next = body?.next;
  } while (next !== undefined);
  return ids;
}

/** Sessions that began without anybody having been told: they may be there, but then they are whole. */
async function checkUnknown(reader: Program, known: ReadonlySet<string>): Promise<number> {
  let half = 0;
  for (const id of await sessionIdsOf(reader)) {
    if (known.has(id)) continue;
    const { body: log } = await reader.get(`/api/auth/sessions/${id}/events`);
    if (!isWhole(log)) half += 1;
  }
  return half;
}

const killed = async (server: Server, start: () => Promise<Server>): Promise<Server> => {
  server.kill('SIGKILL');
  expect(await server.gone).toEqual({ code: null, signal: 'SIGKILL' });
  return start();
};

/**
 * Has a server used by several programs at once, kills it in the middle of their work, starts it again on what is left,
 * and counts what is missing. All of it over HTTP, so that it is the same for every database.
 */
export async function crashes({ home, env = {}, kills, lanes = 4, crash = killed }: Crashing): Promise<CrashCounts> {
  const start = () => serve(home, { CURFEW_MAX_SESSIONS: '10000', ...env });
  let server = await start();
  const names = Array.from({ length: lanes }, (_, number) => `user ${number}`);
  let readers: Program[] = [];
  for (const name of names) {
    const reader = new Program(server);
    expect((await reader.enter('register', name)).status).toBe(201);
    readers.push(reader);
  }

  const all: (readonly Witness[])[] = names.map(() => []);
  const total: Found = { lost: 0, half: 0, lostWrites: 0 };
  for (let kill = 0; kill < kills; kill++) {
    const running = server;
    let answers = 0;
    const enough = 10 + Math.floor(Math.random() * 40);
    let restarted: Promise<Server> | undefined;
    let isOver = false;
    const answered = () => {
      answers += 1;
      if (answers === enough) restarted = crash(running, start).finally(() => (isOver = true));
      return !isOver;
    };
    const born = await Promise.all(names.map((name) => lane(running, name, answered)));
    if (!restarted) throw new Error('the server went away by itself');
    server = await restarted;

    readers = readers.map((reader) => reader.on(server));
    for (const [index, reader] of readers.entries()) {
      const fresh = born[index] ?? [];
      all[index] = [...(all[index] ?? []), ...fresh];
      for (const witness of fresh) {
        const found = await check(witness, server, reader);
        total.lost += found.lost;
        total.half += found.half;
        total.lostWrites += found.lostWrites;
      }
    }
  }

  // Once more at the end: what was there after one kill must be there after all the others.
  let acknowledgedEvents = 0;
  let acknowledgedWrites = 0;
  for (const [index, reader] of readers.entries()) {
    const witnesses = all[index] ?? [];
    for (const witness of witnesses) {
      const { body: log } = await reader.get(`/api/auth/sessions/${witness.program.id}/events`);
      acknowledgedEvents += witness.told;
      acknowledgedWrites += witness.messages.length + (witness.draft.acknowledged === null ? 0 : 1);
      total.lost += Math.max(0, witness.told - log.events.length);
      if (!isWhole(log)) total.half += 1;
    }
    total.half += await checkUnknown(reader, new Set(witnesses.map(({ program }) => program.id)));
  }
  await stopped(server);
  return {
    kills,
    acknowledgedEvents,
    lostEvents: total.lost,
    halfEvents: total.half,
    acknowledgedWrites,
    lostWrites: total.lostWrites,
  };
}

/** The figures as they stand in the table. */
export const figuresOf = (counts: CrashCounts) => ({
  kills: counts.kills,
  'acknowledged events': counts.acknowledgedEvents,
  'lost events': counts.lostEvents,
  'half events': counts.halfEvents,
  'acknowledged drafts and messages': counts.acknowledgedWrites,
  'lost drafts and messages': counts.lostWrites,
});
