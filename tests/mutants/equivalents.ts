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
const methods = 'machines/methods.ts';
const tabSetup = 'machines/tab.setup.ts';
const tabSignedIn = 'machines/tab.signedIn.ts';
const tabMachine = 'machines/tab.machine.ts';
const tabPrediction = 'machines/tab.prediction.ts';
const tabContext = 'machines/tab.context.ts';

export const equivalents: readonly Equivalent[] = [
  ...inFile(session, 'only the compiler reads it', [['types: {', '{', '{}']]),
  ...inFile(session, 'the name stands at events of this type only; the compiler has to be told', [
    [
      "isWorthRecording: ({ context, event }) => event.type === 'activity.seen' && isActivityRecorded(context, event),",
      "event.type === 'activity.seen'",
      'true',
    ],
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
    ["if (event.type !== 'policy.applied') return {};", "event.type !== 'policy.applied'", 'false'],
    [
      "event.type === 'policy.applied' && tightened(context, event.policy) !== context.policy,",
      "event.type === 'policy.applied'",
      'true',
    ],
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
  ...inFile(driver, 'what has no effect has been answered before; this stands where the machine alone says so', [
    ["if (next === state) return { outcome: 'unchanged', state, entries };", 'next === state', 'false'],
    [
      "if (next === state) return { outcome: 'unchanged', state, entries };",
      "{ outcome: 'unchanged', state, entries }",
      '{}',
    ],
    ["if (next === state) return { outcome: 'unchanged', state, entries };", "'unchanged'", '""'],
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
  ...inFile(methods, 'a list of one is not joined by anything, and one of more has a last', [
    [
      "items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;",
      "''",
      '"Stryker was here!"',
    ],
  ]),
  ...inFile(tabSetup, 'only the compiler reads it', [
    [
      'types: { context: {} as TabContext, events: {} as TabEvent },',
      '{ context: {} as TabContext, events: {} as TabEvent }',
      '{}',
    ],
  ]),
  ...inFile(tabSetup, 'what is over leaves where this is asked by `view.taken`, which comes first', [
    [
      "const stageOf = ({ view }: TabContext, at: Instant) => (isLiveView(view) ? stageAt(view, at) : 'over');",
      "'over'",
      '""',
    ],
  ]),
  ...inFile(tabSetup, 'the name stands at events of this type only; the compiler has to be told', [
    [
      "isNews: ({ context, event }) => event.type === 'server.answered' && isNews(context, event),",
      "event.type === 'server.answered'",
      'true',
    ],
    [
      "comesWarning: ({ context, event }) => event.type === 'clock.reached' && warns(stageOf(context, event.at)),",
      "event.type === 'clock.reached'",
      'true',
    ],
    [
      "comesEnd: ({ context, event }) => event.type === 'clock.reached' && stageOf(context, event.at) === 'over',",
      "event.type === 'clock.reached'",
      'true',
    ],
    [
      "event.type === 'clock.reached' && context.retryAt !== null && event.at >= context.retryAt,",
      "event.type === 'clock.reached'",
      'true',
    ],
    [
      "event.type === 'clock.reached' && event.at >= (context.view?.restorableUntil ?? Infinity),",
      "event.type === 'clock.reached'",
      'true',
    ],
    [
      "event.type === 'server.refused' && event.reason !== null && !limits.has(event.reason),",
      "event.type === 'server.refused'",
      'true',
    ],
    [
      "takeView: assign(({ context, event }) => (event.type === 'server.answered' ? withView(context, event) : {})),",
      "event.type === 'server.answered'",
      'true',
    ],
    [
      "event.type === 'refresh.ended' ? { isRefreshing: false, refreshProblem: event.problem } : {},",
      "event.type === 'refresh.ended'",
      'true',
    ],
  ]),
  ...inFile(tabSetup, 'where this is asked there is a view', [
    ["isEnded: ({ context }) => context.view?.state === 'ended',", 'context.view?.state', 'context.view.state'],
    [
      "event.type === 'clock.reached' && event.at >= (context.view?.restorableUntil ?? Infinity),",
      'context.view?.restorableUntil',
      'context.view.restorableUntil',
    ],
    [
      'canExtend: ({ context }) => context.view?.canExtend === true,',
      'context.view?.canExtend',
      'context.view.canExtend',
    ],
    [
      'canStillExtend: ({ context }) => context.view?.canExtend === true && warns(stageOf(context, context.now)),',
      'context.view?.canExtend',
      'context.view.canExtend',
    ],
  ]),
  ...inFile(tabSignedIn, 'nobody is signed in without a view', [
    [
      "invoke: { src: 'stream', id: 'stream', input: ({ context: { view } }) => ({ session: view?.id ?? '' }) },",
      'view?.id',
      'view.id',
    ],
    [
      "invoke: { src: 'stream', id: 'stream', input: ({ context: { view } }) => ({ session: view?.id ?? '' }) },",
      "''",
      '"Stryker was here!"',
    ],
  ]),
  ...inFile(tabSignedIn, 'the clock that is told after each view leads there as well', [
    ["'view.taken': { guard: 'isWarning', target: 'warning' },", "'warning'", '""'],
  ]),
  ...inFile(tabMachine, 'nothing but this event leads there; the compiler has to be told', [
    [
      "input: ({ event }) => ({ forgetDevice: event.type === 'signOut.asked' && event.forgetDevice }),",
      "event.type === 'signOut.asked'",
      'true',
    ],
  ]),
  ...inFile(tabPrediction, 'the clock that is told last sets the alarm again', [
    ["entry: ['setAlarm', 'passView', 'tellClock'],", "'setAlarm'", '""'],
  ]),
  ...inFile(tabPrediction, 'nothing is sent to it by that name', [
    [
      "{ src: 'renewal', id: 'renewal', input: ({ context: { view } }) => ({ type: 'view.told', view }) },",
      "'renewal'",
      '""',
    ],
  ]),
  ...inFile(tabPrediction, 'it is given the view, and reads nothing else', [
    [
      "{ src: 'renewal', id: 'renewal', input: ({ context: { view } }) => ({ type: 'view.told', view }) },",
      "'view.told'",
      '""',
    ],
  ]),
  ...inFile(
    'machines/deadlines.ts',
    'what has not lapsed has not lapsed by any limit: the next line says `null`, too',
    [['if (lapsedAt === null) return null;', 'lapsedAt === null', 'false']],
  ),
  ...inFile('machines/durationInWords.ts', 'two minutes are whole ones', [
    ['const rounded = whole < 120 ? whole : whole - (whole % 60);', 'whole < 120', 'whole <= 120'],
  ]),
  ...inFile('machines/stepper.ts', 'it is never started: XState asks for an actor, and reads nothing of it', [
    ['const self = createActor(sessionMachine, { input: { context } });', '{ input: { context } }', '{}'],
    ['const self = createActor(sessionMachine, { input: { context } });', '{ context }', '{}'],
    ["id: '',", "''", '"Stryker was here!"'],
    ["sessionId: '',", "''", '"Stryker was here!"'],
  ]),
  ...inFile(tabContext, '`null` counts as 0, and no clock is there', [
    ['retryAt: retryAt !== null && retryAt <= now ? null : retryAt,', 'retryAt !== null', 'true'],
    [
      'const instants = [stage, retryAt].filter((instant) => instant !== null && instant > now);',
      'instant !== null',
      'true',
    ],
  ]),
];
