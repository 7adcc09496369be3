/** A change of the sources that no test can find, because nothing that can be seen depends on it. */
export interface Equivalent {
  readonly file: string;
  /** The line in which the change begins. */
  readonly line: string;
  /** What is changed, up to the end of that line. */
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

type Change = readonly [line: string, from: string, to: string];

const inFile = (file: string, why: string, changes: readonly Change[]): readonly Equivalent[] =>
  changes.map(([line, from, to]) => ({ file, line, from, to, why }));

const session = 'machines/session.machine.ts';
const driver = 'machines/driver.ts';
const chart = 'machines/chart.ts';

export const equivalents: readonly Equivalent[] = [
  ...inFile(session, 'only the compiler reads it', [['types: {', '{', '{}']]),
  ...inFile(session, 'the name stands at events of this type only; the compiler has to be told', [
    ["if (event.type !== 'activity.seen') return false;", "event.type !== 'activity.seen'", 'false'],
    ["if (event.type !== 'activity.seen') return false;", 'false', 'true'],
    ["event.type === 'lease.taken' &&", "event.type === 'lease.taken'", 'true'],
    [
      "isLeased: ({ context, event }) => event.type === 'lease.released' && Object.hasOwn(context.leases, event.kind),",
      "event.type === 'lease.released'",
      'true',
    ],
    [
      "isNewStage: ({ context, event }) => event.type === 'warning.shown' && !context.warned.includes(event.stage),",
      "event.type === 'warning.shown'",
      'true',
    ],
    [
      "event.type === 'activity.seen' ? seenAt(context, event.at, event.at - event.seenAt) : context.lastActivityAt,",
      "event.type === 'activity.seen'",
      'true',
    ],
    [
      "return Object.fromEntries(event.type === 'lease.taken' ? [...open, [event.kind, event.until]] : open);",
      "event.type === 'lease.taken'",
      'true',
    ],
    ["if (event.type !== 'lease.released') return {};", "event.type !== 'lease.released'", 'false'],
    ["if (event.type !== 'user.reauthenticated') return {};", "event.type !== 'user.reauthenticated'", 'false'],
    [
      "event.type === 'warning.shown' ? [...context.warned, event.stage] : context.warned,",
      "event.type === 'warning.shown'",
      'true',
    ],
  ]),
  ...inFile(session, 'tried last: the absolute limit has been tried before it', [
    [
      "isPastIdle: ({ context, event }) => event.at >= lapsesAt(context) && nearestLimit(context) === 'idle',",
      "nearestLimit(context) === 'idle'",
      'true',
    ],
  ]),
  ...inFile(driver, 'an event that is not recorded has no other action than `accept`: a test holds the chart to that', [
    ["accepted: recorded || actions.some((action) => action.type === 'accept'),", "action.type === 'accept'", 'true'],
  ]),
  ...inFile(driver, 'the machine has an arrow for every deadline; this stops a loop if it ever had none', [
    [
      'if (next === settled) throw new Error(`the clock stands still in ${settled.leaf}`);',
      'next === settled',
      'false',
    ],
    [
      'if (next === settled) throw new Error(`the clock stands still in ${settled.leaf}`);',
      '`the clock stands still in ${settled.leaf}`',
      '``',
    ],
  ]),
  ...inFile(chart, 'XState names what a machine does by a word or an object, never by `null`', [
    [
      "typeof part === 'object' && part !== null && 'type' in part ? String(part.type) : String(part);",
      'part !== null',
      'true',
    ],
  ]),
  ...inFile(chart, 'what is taken is among what its own state has', [
    ['const candidates = taken.source.transitions.get(String(taken.eventType)) ?? [];', '[]', '["Stryker was here"]'],
  ]),
];
