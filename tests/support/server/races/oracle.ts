import { asksInItsName, type DeedName, type SceneName } from './deeds.ts';
import { isOver, limit, type Choose, type Played, type Stage } from './play.ts';

/** What was seen that must not be; all of them stay 0. */
export interface Violations {
  /** Something was accepted that was begun after an end had been answered for, or was written behind an end. */
  acceptedAfterEnd: number;
  /** One generation of a session has two tokens, or was made twice. */
  doubleRotations: number;
  /** What was acknowledged is not in the log, or the log has a gap. */
  lostUpdates: number;
  /** More sessions alive than the limit allows. */
  limitViolations: number;
  /** Answers that no order of the same requests, one after another, explains. */
  unexplained: number;
}

const accepted = (status: number): boolean => status >= 200 && status < 300;

/** Deeds whose success ends the session, or with which the server says that it has. */
function endsIt(name: DeedName, { status, code }: Played['answers'][number]): boolean {
  if (['signOut', 'forget', 'revoke', 'endOthers', 'displace'].includes(name)) return accepted(status);
  return code?.startsWith('session_ended') ?? false;
}

function acceptedAfterEnd({ names, answers, spans, logs }: Played): number {
  const ends = names.flatMap((name, index) => (endsIt(name, answers[index]!) ? [spans[index]!.answered] : []));
  const end = Math.min(Infinity, ...ends);
  const late = names.filter(
    (name, index) => asksInItsName.has(name) && spans[index]!.begun > end && accepted(answers[index]!.status),
  );
  const behind = logs.flatMap(({ entries }) =>
    entries.filter(({ from, type }) => isOver(from) && type !== 'session.usedAfterEnd'),
  );
  return late.length + behind.length;
}

interface Claims {
  readonly sid: string;
  readonly gen: number;
}

const claimsOf = (token: string): Claims => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

const tokensOf = ({ answers }: Played): readonly string[] => answers.flatMap(({ token }) => (token ? [token] : []));

function doubleRotations(played: Played): number {
  const byGeneration = new Map<string, Set<string>>();
  for (const token of tokensOf(played)) {
    const { sid, gen } = claimsOf(token);
    const key = `${sid} ${gen}`;
    byGeneration.set(key, (byGeneration.get(key) ?? new Set()).add(token));
  }
  const minted = played.logs.flatMap(({ id, entries }) =>
    entries
      .filter(({ type }) => type === 'token.rotated' || type === 'user.reauthenticated')
      .map(({ data }) => `${id} ${String(data['generation'])}`),
  );
  const twice = [...byGeneration.values()].filter(({ size }) => size > 1).length;
  return twice + minted.length - new Set(minted).size;
}

function lostUpdates(played: Played): number {
  const { logs, names, answers, id } = played;
  const damaged = played.isSound.filter((sound) => !sound).length;
  const own = logs.find((log) => log.id === id)?.entries ?? [];
  const acknowledged = (...which: DeedName[]) =>
    names.filter((name, index) => which.includes(name) && accepted(answers[index]!.status)).length;
  const missing = (type: string, ...which: DeedName[]) =>
    Math.max(0, acknowledged(...which) - own.filter((entry) => entry.type === type).length);
  const unknown = tokensOf(played).filter((token) => {
    const { sid, gen } = claimsOf(token);
    const entries = logs.find((log) => log.id === sid)?.entries ?? [];
    return !entries.some(({ type, data }) => (type === 'session.started' && gen === 0) || data['generation'] === gen);
  });
  const ended = acknowledged('signOut', 'forget', 'revoke') > 0 && !isOver(own.at(-1)?.to ?? null) ? 1 : 0;
  return (
    damaged +
    unknown.length +
    ended +
    missing('session.extended', 'extend') +
    missing('user.reauthenticated', 'reauthenticate') +
    missing('lease.taken', 'lease')
  );
}

/** A part of a deed that happens at once: all of it, or its judgement, or what is left. */
interface Part {
  readonly who: number;
  readonly steps: 'all' | 'first' | 'rest';
}

/**
 * Deeds that are judged first. What one session asks of another happens then; and what any other request says, the first
 * use of its token too, is written once it has been understood, if the session still lives.
 */
const isJudgedFirst: ReadonlySet<DeedName> = new Set<DeedName>(['revoke', 'endOthers', 'look', 'vaultKey', 'draft']);

const partsOf = (name: DeedName, who: number): readonly Part[] =>
  isJudgedFirst.has(name)
    ? [
        { who, steps: 'first' },
        { who, steps: 'rest' },
      ]
    : [{ who, steps: 'all' }];

/** All orders of parts in which those of one deed keep theirs. */
function ordersOf(lists: readonly (readonly Part[])[]): readonly (readonly Part[])[] {
  const left = lists.filter(({ length }) => length > 0);
  if (left.length === 0) return [[]];
  return left.flatMap(([first, ...others]) => {
    const rest = left.map((list) => (list[0] === first ? others : list));
    return ordersOf(rest).map((order) => (first ? [first, ...order] : order));
  });
}

/** Goes through the parts in their order. */
function inOrderOf(order: readonly Part[]): Choose {
  const left = [...order];
  return (waiting) => {
    while (left.length > 0) {
      const place = waiting.findIndex(({ who }) => who === left[0]?.who);
      if (place === -1) left.shift();
      else {
        if (left[0]?.steps === 'first') left.shift();
        return place;
      }
    }
    throw new Error('somebody waits who has no part in it');
  };
}

const lookOf = ({ answers, leaves, hasDraft }: Pick<Played, 'answers' | 'leaves' | 'hasDraft'>): string =>
  JSON.stringify([answers.map(({ status, code }) => [status, code]), leaves, hasDraft]);

/** A sign-in that is under way while all other sessions are being ended may get nothing. @see DESIGN, admission */
const inVain = ({ status, code }: Played['answers'][number]): boolean =>
  status === 401 && code === 'invalid_credentials';

/** What comes of an order of requests, one after another, on a stage; each is played once. */
function playingOn(reference: Stage) {
  const seen = new Map<string, Promise<string>>();
  return (scene: SceneName, names: readonly DeedName[], order: readonly Part[]): Promise<string> => {
    const key = `${scene} ${names.join()} ${order.map(({ who, steps }) => `${who}${steps}`).join()}`;
    const look = seen.get(key) ?? reference.play(scene, names, inOrderOf(order)).then(lookOf);
    seen.set(key, look);
    return look;
  };
}

/** Says whether answers are those of some order of the same requests, one after another, on one of the stages, the first by preference. */
export function judgeOn(...references: readonly Stage[]) {
  const playing = references.map(playingOn);

  async function isExplained(played: Played): Promise<boolean> {
    const kept = played.names.flatMap((_, index) =>
      inVain(played.answers[index]!) && played.names.includes('endOthers') ? [] : [index],
    );
    const names = kept.map((index) => played.names[index]!);
    const spans = kept.map((index) => played.spans[index]!);
    const look = lookOf({ ...played, answers: kept.map((index) => played.answers[index]!) });
    const orders = ordersOf(names.map(partsOf)).filter((order) =>
      order.every((a, place) => order.slice(place + 1).every((b) => spans[b.who]!.answered >= spans[a.who]!.begun)),
    );
    for (const play of playing)
      for (const order of orders) if ((await play(played.scene, names, order)) === look) return true;
    return false;
  }

  return async (played: Played): Promise<Violations> => ({
    acceptedAfterEnd: acceptedAfterEnd(played),
    doubleRotations: doubleRotations(played),
    lostUpdates: lostUpdates(played),
    limitViolations: Math.max(0, played.alive - limit),
    unexplained: (await isExplained(played)) ? 0 : 1,
  });
}

/** An order of steps, to be read and played again. */
export function told({ scene, names, steps, answers, leaves, hasDraft }: Played): string {
  const lines = steps.map(({ who, call }) => `${who} ${names[who]}: ${call.port}.${call.name}`);
  const outcomes = names.map((name, index) => `${name} → ${answers[index]?.status} ${answers[index]?.code ?? ''}`);
  return [`${scene}: ${names.join(', ')}`, ...lines, ...outcomes, `${leaves.join(', ')}; draft: ${hasDraft}`].join(
    '\n',
  );
}
