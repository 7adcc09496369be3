/** A fault that is put into a copy of the sources, to see whether the tests find it. */
export interface Fault {
  readonly name: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly from: string;
  readonly to: string;
  /** Which tests are to find it. */
  readonly suites: readonly string[];
}

const machine = ['tests/machines/laws.test.ts', 'tests/machines/boundaries.test.ts'];
const server = [
  'tests/server/session/command.test.ts',
  'tests/server/model/model.test.ts',
  'tests/server/routes/sessions.test.ts',
  'tests/server/routes/rotation.test.ts',
  'tests/server/routes/oneJarTwoUsers.test.ts',
  'tests/server/routes/meanwhile.test.ts',
];
const tab = ['tests/machines/tab.test.ts', 'tests/model/tab.test.ts'];

const races = ['tests/races/memory.test.ts'];

const session = 'machines/session.machine.ts';

export const faults: readonly Fault[] = [
  {
    name: 'activity revives a lapsed session',
    file: session,
    from: '      states: { idle: {}, absolute: {} },',
    to: "      states: { idle: { on: { 'activity.seen': { target: '#session.active.fresh', actions: ['seeActivity', 'record'] } } }, absolute: {} },",
    suites: machine,
  },
  {
    name: 'an extension goes past the absolute limit',
    file: 'machines/deadlines.ts',
    from: 'Math.min(idleDeadline(context), absoluteDeadline(context))',
    to: 'idleDeadline(context)',
    suites: machine,
  },
  {
    name: 'the clock is 1 ms late at a deadline',
    file: 'machines/driver.ts',
    from: 'due <= at; due',
    to: 'due < at; due',
    suites: machine,
  },
  {
    name: 'a lapse is stamped when it is noticed',
    file: 'machines/driver.ts',
    from: "{ type: 'clock.reached', at: Math.max(due, settled.context.updatedAt) }",
    to: "{ type: 'clock.reached', at: Math.max(at, settled.context.updatedAt) }",
    suites: machine,
  },
  {
    name: 'activity extends during the warning',
    file: session,
    from: "            'activity.seen': { actions: 'accept' },",
    to: "            'activity.seen': { actions: ['seeActivity', 'record'] },",
    suites: [...machine, 'tests/machines/recorded.test.ts'],
  },
  {
    name: 'a session can be restored after the window',
    file: session,
    from: "        'clock.reached': { guard: 'isPastRestoreWindow', target: 'ended.expired', actions: ['stampEnd', 'record'] },",
    to: '',
    suites: machine,
  },
  {
    name: 'the restore window never closes',
    file: 'machines/deadlines.ts',
    from: '? lapsedAt + policy.restoreWindow',
    to: '? lapsedAt + policy.restoreWindow * 2',
    suites: machine,
  },
  {
    name: 'reuse of a token is not detected',
    file: 'machines/generations.ts',
    from: "? 'grace' : 'stale'",
    to: "? 'grace' : 'superseded'",
    suites: [...machine, 'tests/server/routes/rotation.test.ts'],
  },
  {
    name: 'the grace of a token never ends',
    file: 'machines/generations.ts',
    from: 'at < successor.confirmedAt + context.policy.rotationGrace',
    to: 'at < Infinity',
    suites: [...machine, 'tests/server/routes/rotation.test.ts'],
  },
  {
    name: 'the idle limit is judged before the absolute one',
    file: 'machines/deadlines.ts',
    from: 'absoluteDeadline(context) <= idleDeadline(context)',
    to: 'absoluteDeadline(context) < idleDeadline(context) - 1',
    suites: machine,
  },
  {
    name: 'the clock is not asked before the event',
    file: 'machines/driver.ts',
    from: 'const { state, entries } = settle(before, event.at);',
    to: "const { state, entries } = event.type === 'clock.reached' ? settle(before, event.at) : { state: before, entries: [] };",
    suites: machine,
  },
  {
    name: 'the clock is not asked after the event',
    file: 'machines/driver.ts',
    from: 'const after = settle(next, event.at);',
    to: 'const after = { state: next, entries: [] as readonly Entry[] };',
    suites: machine,
  },
  {
    name: 'time runs backwards',
    file: 'machines/driver.ts',
    from: 'at: Math.max(given.at, before.context.updatedAt)',
    to: 'at: given.at',
    suites: machine,
  },
  {
    name: 'what is only accepted is written down',
    file: session,
    from: "{ guard: 'isWorthRecording', actions: ['seeActivity', 'record'] }, { actions: 'accept' }",
    to: "{ guard: 'isWorthRecording', actions: ['seeActivity', 'record'] }, { actions: ['record'] }",
    suites: [...machine, 'tests/machines/recorded.test.ts'],
  },
  {
    name: 'a re-authentication is no barrier',
    file: session,
    from: '        barrier: generation,',
    to: '        barrier: 0,',
    suites: [...machine, 'tests/server/routes/rotation.test.ts'],
  },
  {
    name: 'alarms of a dead session are without end',
    file: 'machines/recorded.ts',
    from: 'count < usedAfterEndAtMost && at >= quietUntil',
    to: 'at >= quietUntil',
    suites: machine,
  },
  {
    name: 'a lease outlives the absolute limit',
    file: session,
    from: '      event.until - event.at <= context.policy.maxLease &&\n      event.until <= absoluteDeadline(context),',
    to: '      event.until - event.at <= context.policy.maxLease,',
    suites: machine,
  },
  {
    name: 'sign-out ends an active session only',
    file: session,
    from: "        'token.reused': { guard: 'isStale', target: 'ended.compromised', actions: ['stampEnd', 'record'] },\n        'user.reauthenticated': {\n          guard: 'isFollowingGeneration',\n          target: 'active.fresh',\n          actions: ['startOver', 'forgetStages', 'record'],\n        },\n        'user.signedOut': { target: 'ended.signedOut', actions: ['stampEnd', 'record'] },\n        'session.revoked': { target: 'ended.revoked', actions: ['stampEnd', 'record'] },\n        'session.displaced': { target: 'ended.displaced', actions: ['stampEnd', 'record'] },\n        'policy.applied': [{ guard: 'isTighter', actions: ['tighten', 'record'] }, { actions: 'accept' }],\n        'session.usedAfterEnd'",
    to: "        'token.reused': { guard: 'isStale', target: 'ended.compromised', actions: ['stampEnd', 'record'] },\n        'user.reauthenticated': {\n          guard: 'isFollowingGeneration',\n          target: 'active.fresh',\n          actions: ['startOver', 'forgetStages', 'record'],\n        },\n        'session.revoked': { target: 'ended.revoked', actions: ['stampEnd', 'record'] },\n        'session.displaced': { target: 'ended.displaced', actions: ['stampEnd', 'record'] },\n        'policy.applied': [{ guard: 'isTighter', actions: ['tighten', 'record'] }, { actions: 'accept' }],\n        'session.usedAfterEnd'",
    suites: machine,
  },
  {
    name: 'a change is given up when somebody was faster',
    file: 'server/session/command.ts',
    from: "    if ((await parts.log.append([decided.change], undefined, consequences(parts, decided.change))) === 'appended') {",
    to: '    await parts.log.append([decided.change]);\n    {',
    suites: server,
  },
  {
    name: 'the server decides on a session whose clock stands',
    file: 'server/session/command.ts',
    from: 'const { events, answer } = decide(settled.state, at);',
    to: 'const { events, answer } = decide(stored.state, at);',
    suites: server,
  },
  {
    name: 'a lapsed session is let in',
    file: 'server/http/judgeSession.ts',
    from: '  if (!isLive(state.leaf)) return accept.dead',
    to: "  if (state.leaf.startsWith('ended')) return accept.dead",
    suites: server,
  },
  {
    name: 'what a background request asks counts as a person',
    file: 'server/http/activity.ts',
    from: "const background: DeclaredActivity = { by: 'background' };",
    to: "const background: DeclaredActivity = { by: 'user', age: 0 };",
    suites: server,
  },
  {
    name: 'a superseded token is good',
    file: 'server/http/judgeSession.ts',
    from: "const isOver = standing === 'superseded' || standing === 'stale';",
    to: "const isOver = standing === 'stale';",
    suites: server,
  },
  {
    name: 'one session more than the limit is let in',
    file: 'server/session/admission.ts',
    from: 'live.length - maxSessions + 1',
    to: 'live.length - maxSessions',
    suites: [
      'tests/server/routes/oneJarTwoUsers.test.ts',
      'tests/server/routes/sessions.test.ts',
      'tests/server/http/cookie.test.ts',
    ],
  },
  {
    name: 'a sign-in leaves the session before it alive',
    file: 'server/session/admission.ts',
    from: 'const leaving = [...surplus, ...(replaces ? [replaces] : [])];',
    to: 'const leaving = surplus;',
    suites: [
      'tests/server/routes/oneJarTwoUsers.test.ts',
      'tests/server/routes/sessions.test.ts',
      'tests/server/http/cookie.test.ts',
    ],
  },
  {
    name: 'whoever was too late decides again on what was there before',
    file: 'server/session/command.ts',
    from: '      decided = await read();',
    to: '      decided = first;',
    suites: races,
  },
  {
    name: 'a server remembers for some seconds how a session stood',
    file: 'server/http/judgeSession.ts',
    from: `  const judged = await command(parts, session, ({ leaf, context }, at) => {
    const isAlarming = accept.alarmed && !isLive(leaf) && context.user === claims.sub && at < claims.exp * 1000;
    return { events: isAlarming ? [{ type: 'session.usedAfterEnd', at }] : [], answer: null };
  });
`,
    to: `  const memory = judgeSession as unknown as { kept?: WeakMap<object, Map<string, Commanded<null> | null>> };
  memory.kept ??= new WeakMap();
  const mine = memory.kept.get(parts.log) ?? new Map<string, Commanded<null> | null>();
  memory.kept.set(parts.log, mine);
  const known = mine.get(claims.sid);
  const isKept = known && parts.clock() - known.at < 5_000;
  const judged = isKept ? known : await command(parts, session, () => ({ events: [], answer: null }));
  mine.set(claims.sid, judged);
`,
    suites: races,
  },
  {
    name: 'a log takes a change whatever was there',
    file: 'server/sqlite/append.ts',
    from: "const asExpected = 'where id = ?6 and version = ?7';",
    to: "const asExpected = 'where id = ?6 and ?7 > 0';",
    suites: ['tests/server/sqlite/groupCommit.test.ts', 'tests/contract/eventLog.test.ts'],
  },
  {
    name: 'two who are let in at once count the same sessions',
    file: 'server/sqlite/append.ts',
    from: 'if (now.authEpoch !== account.authEpoch || now.admissions !== account.admissions) throw',
    to: 'if (now.authEpoch < 0) throw',
    suites: ['tests/contract/eventLog.admissions.test.ts', 'tests/server/session/sessionLimit.test.ts'],
  },
  {
    name: 'a refresh is answered by what was judged before its body came',
    file: 'server/routes/refresh.ts',
    from: "      if (session.answer !== 'current' && session.answer !== 'grace') return problem(c, 'token_superseded');\n",
    to: '',
    suites: [...races, 'tests/server/routes/meanwhile.test.ts'],
  },
  {
    name: 'a sign-in is let in by a password of before',
    file: 'server/session/admission.ts',
    from: 'if (authEpoch !== undefined && authEpoch !== account.authEpoch)',
    to: 'if (account.authEpoch < 0)',
    suites: ['tests/server/routes/meanwhile.test.ts'],
  },
  {
    name: 'preserved work is written behind its erasure',
    file: 'server/routes/drafts.ts',
    from: "const forgotten = await draftsDeletedSince(log, c.get('stored'));",
    to: "const forgotten = user === '' ? await draftsDeletedSince(log, c.get('stored')) : null;",
    suites: ['tests/server/routes/meanwhile.test.ts'],
  },
  {
    name: 'a tab takes an older view',
    file: 'machines/tab.context.ts',
    from: 'view.version >= known.version : view.version > known.version',
    to: 'view.version >= known.version : true',
    suites: tab,
  },
  {
    name: 'a late answer undoes a newer one',
    file: 'machines/tab.context.ts',
    from: 'view.version >= known.version : view.version > known.version',
    to: 'true : view.version > known.version',
    suites: tab,
  },
  {
    name: 'a tab stays open at the deadline',
    file: 'machines/tab.signedIn.ts',
    from: "    'clock.reached': { guard: 'comesEnd', target: 'lapsed' },\n",
    to: '',
    suites: tab,
  },
  {
    name: 'a tab locks although another one extended',
    file: 'machines/tab.lapsed.ts',
    from: "params: checked }, target: '#signedIn' }",
    to: "params: checked }, target: '#ended' }",
    suites: tab,
  },
  {
    name: 'a tab believes that staying worked without an answer',
    file: 'machines/tab.signedIn.ts',
    from: "counting: { on: { 'extend.asked': { guard: 'canExtend', target: 'extending' } } },",
    to: "counting: { on: { 'extend.asked': { guard: 'canExtend', target: '#signedIn.active' } } },",
    suites: tab,
  },
  {
    name: 'a tab asks for an extension that cannot be had',
    file: 'machines/tab.signedIn.ts',
    from: "'extend.asked': { guard: 'canExtend', target: 'extending' }",
    to: "'extend.asked': { target: 'extending' }",
    suites: tab,
  },
  {
    name: 'a tab is not woken for its deadline',
    file: 'machines/tab.context.ts',
    from: '[stage, retryAt].filter',
    to: '[retryAt].filter',
    suites: tab,
  },
  {
    name: 'a tab stops predicting when it is asked to leave a screen that is not shown',
    file: 'machines/tab.prediction.ts',
    from: "      on: { 'clock.reached': { actions: ['takeClock', 'passClock', 'setAlarm'] } },",
    to: "      on: { 'clock.reached': { actions: ['takeClock', 'passClock', 'setAlarm'] }, 'signIn.chosen': 'off' },",
    suites: tab,
  },
];
