import { AsyncLocalStorage } from 'node:async_hooks';
import { isLive, minutes, phaseOf, replay, seconds, settle, type Leaf } from '../../../../machines/index.ts';
import { command } from '../../../../server/session/command.ts';
import { verifyChain, type LogEntry } from '../../../../server/index.ts';
import type { Stored } from '../../../../server/store/eventLog.ts';
import { nodeOn, type Adapter, type Node } from '../nodes.ts';
import { behindSockets, type Sockets } from '../sockets.ts';
import { createWorld, type Client, type World } from '../world.ts';
import { deeds, password, scenes, type Cast, type DeedName, type Outcome, type SceneName } from './deeds.ts';
import { play, type Course, type Deed, type Step } from './explorer.ts';
import { gated, type Call } from './gated.ts';

export const limit = 2;
export const policy = { maxSessions: limit, rotationGrace: minutes(2) };

/** How many users there were: stages may share a database. */
let named = 0;

/** At most so many things happen at once. */
const atOnce = 4;

/** One order in which things happened at once, and what is there afterwards. */
export interface Played extends Course<Outcome> {
  readonly scene: SceneName;
  readonly names: readonly DeedName[];
  /** The session of the browser. */
  readonly id: string;
  readonly logs: readonly { readonly id: string; readonly entries: readonly LogEntry[] }[];
  /** Where the sessions are now, the oldest first. */
  readonly leaves: readonly Leaf[];
  /** Whether each log is one that can have been written: whole, in order, what its session really went through. */
  readonly isSound: readonly boolean[];
  readonly hasDraft: boolean;
  /** The most sessions that were alive at once. */
  readonly alive: number;
}

/** Has several things happen at once and says what came of it. */
export type Direct = (happening: readonly Deed<Outcome>[]) => Promise<Course<Outcome>>;

/** Goes on with whoever is chosen, by the place in the list. */
export type Choose = (waiting: readonly Step[]) => number;

/** A store on which things happen. */
export interface Stage {
  /** One thing for each server, and the servers share nothing but the store. */
  play(scene: SceneName, names: readonly DeedName[], choose: Choose): Promise<Played>;
  /** All on one server. */
  playTogether(scene: SceneName, names: readonly DeedName[], direct: Direct): Promise<Played>;
  /** Really at once, on two servers behind sockets. */
  playOverSockets(scene: SceneName, names: readonly DeedName[]): Promise<Played>;
  close(): Promise<void>;
}

/** A database with as many servers on it as are asked for. */
export type Build = (count: number) => Promise<{ readonly world: World; readonly nodes: readonly Node[] }>;

interface Hands {
  readonly gate: (call: Call) => Promise<void>;
  readonly after: (call: Call) => Promise<void>;
}

/** Whose step it is. What is asked by nobody, to prepare things, is never held. */
const asking = new AsyncLocalStorage<Hands>();

/** What the servers of a stage wait for before and after each of their steps. */
export const hands: Hands = {
  gate: async (call) => asking.getStore()?.gate(call),
  after: async (call) => asking.getStore()?.after(call),
};

/**
 * A server whose every step can be held. No request is slow here, however many seconds pass between its steps: one that
 * writes while its answer is still on its way would take two steps at once, and has tests of its own.
 */
export const heldNode = ({ parts }: World): Node =>
  nodeOn(gated({ ...parts, wake: () => () => {} }, hands.gate, hands.after));

/** Whether a server keeps copies of sessions. */
export type Copying = 'copies' | 'no copies';

/** Servers that are all the same, on a database of their own. */
export const alike =
  (log: Adapter, copying: Copying = 'no copies'): Build =>
  async (count) => {
    const world = await createWorld({ log, policy, ...(copying === 'no copies' && { sessionCache: false }) });
    const worlds = [world];
    while (worlds.length < count) worlds.push(await world.anotherNode());
    return { world, nodes: worlds.map(heldNode) };
  };

/** Other people's sessions make a store slow; what is opened anew costs time as well. */
const usersPerWorld = { memory: 150, sqlite: 500, postgres: Infinity } as const;

export const isOver = (leaf: Leaf | null): boolean => leaf !== null && phaseOf(leaf) === 'ended';

function isSound(entries: readonly LogEntry[], { state }: Stored): boolean {
  try {
    return verifyChain(entries) === null && replay(entries).leaf === state.leaf;
  } catch {
    return false;
  }
}

/**
 * Whatever can happen to a session, on a store of a kind.
 *
 * @param build makes the servers; default all alike
 */
export function stageOn(log: Adapter, build: Build = alike(log)): Stage {
  let world: World | null = null;
  let nodes: readonly Node[] = [];
  let listening: readonly Sockets[] = [];
  let users = 0;

  async function fresh(): Promise<World> {
    if (!world || (listening.length === 0 && users % usersPerWorld[log] === 0))
      ({ world, nodes } = await build(atOnce));
    users += 1;
    return world;
  }

  async function perform(
    scene: SceneName,
    names: readonly DeedName[],
    nodeOf: (index: number) => Node | undefined,
    direct: Direct,
  ): Promise<Played> {
    const here = await fresh();
    const { log: kept, drafts } = here.parts;
    const name = `ada ${(named += 1)}`;
    const [browser, before, device, stranger] = [here.client(), here.client(), here.client(), here.client()];
    await browser.register(name, password);
    const user = browser.user?.id ?? '';
    const cast: Cast = { browser, before, device, stranger, username: name, sweep: async () => {}, pass: here.pass };
    await scenes[scene](cast, async () => void (await device.login(name, password)), here.pass);
    // Every server has seen the session: what one of them remembered would show.
    for (const node of new Set(names.map((_, index) => nodeOf(index))))
      if (node) await clientOf(node, before).get('/api/auth/session-info');

    const nowOf = ({ state }: Stored) => settle(state, here.now()).state.leaf;
    let alive = 0;
    const after = async (call: Call) => {
      if (call.name !== 'append') return;
      const sessions = await kept.sessionsOf(user);
      alive = Math.max(alive, sessions.filter((stored) => isLive(nowOf(stored))).length);
    };
    const course = await direct(
      names.map((each, index) => (gate) => {
        const node = nodeOf(index);
        if (!node) throw new Error('too much at once');
        return asking.run({ gate, after }, () => act(each, { ...cast, sweep: node.sweep }, node, gate));
      }),
    );

    const sessions = await kept.sessionsOf(user, 0);
    // Of those that began at one instant, any may have been the oldest: what is over is taken for it.
    const oldestFirst = sessions.toSorted(
      (a, b) =>
        a.state.context.startedAt - b.state.context.startedAt || Number(isLive(nowOf(a))) - Number(isLive(nowOf(b))),
    );
    const logs: { id: string; entries: readonly LogEntry[] }[] = [];
    for (const { id } of oldestFirst) logs.push({ id, entries: await kept.read(id, 0, 1_000) });
    const leaves = oldestFirst.map(nowOf);
    const played: Played = {
      ...course,
      scene,
      names,
      id: browser.id,
      logs,
      leaves,
      isSound: oldestFirst.map((stored, index) => isSound(logs[index]?.entries ?? [], stored)),
      hasDraft: (await drafts.list(user, here.now())).length > 0,
      alive: Math.max(alive, leaves.filter(isLive).length),
    };
    // Nobody who sweeps later is to find them.
    for (const { id } of oldestFirst)
      await command(here.parts, id, (_, at) => ({
        events: [{ type: 'session.revoked', at, by: 'the end', reason: 'over' }],
        answer: null,
      }));
    return played;
  }

  return {
    play: (scene, names, choose) =>
      perform(
        scene,
        names,
        (index) => nodes[index],
        (happening) =>
          play(happening, (waiting) => {
            // No two things happen in one second, so that no two tokens are equal by chance.
            world?.pass(seconds(1));
            return choose(waiting);
          }),
      ),
    playTogether: (scene, names, direct) => perform(scene, names, () => nodes[0], direct),
    async playOverSockets(scene, names) {
      if (listening.length === 0) {
        ({ world, nodes } = await build(2));
        listening = await Promise.all(nodes.map(behindSockets));
      }
      return perform(
        scene,
        names,
        (index) => listening[index % 2],
        async (happening) => ({
          steps: [],
          answers: await Promise.all(happening.map((deed) => deed(async () => {}))),
          spans: happening.map(() => ({ begun: 0, answered: Infinity })),
        }),
      );
    },
    async close() {
      for (const each of listening) await each.close();
    },
  };
}

const clock: Call = { port: 'clock', name: 'pass', isRead: false };

const clientOf = (node: Node, { transport, token, session }: Client): Client =>
  Object.assign(node.client(transport), { token, session });

/** The same people, before a server of their own. */
async function act(name: DeedName, cast: Cast, node: Node, gate: (call: Call) => Promise<void>): Promise<Outcome> {
  if (name === 'lapse') await gate(clock);
  const at = (client: Client) => clientOf(node, client);
  const { browser, before, device, stranger } = cast;
  return deeds[name]({ ...cast, browser: at(browser), before: at(before), device: at(device), stranger: at(stranger) });
}
