import type { StatelyInspectionEvent } from '@statelyai/inspect';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const pick = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(names.flatMap((name) => (name in fields ? [[name, fields[name]]] : [])));

/** What of an event can be shown: never what a user typed, who they are, or what names their session. */
const cleanEvent = (event: Fields): Fields => pick(event, ['type', 'at', 'reason', 'forgetDevice']);

const viewNames = ['state', 'leaf', 'reason', 'version', 'warnAt', 'idleDeadline', 'absoluteDeadline', 'canExtend'];
const contextNames = [
  'stage',
  'now',
  'retryAt',
  'reason',
  'policy',
  'version',
  'updatedAt',
  'startedAt',
  'authenticatedAt',
  'lastActivityAt',
  'generations',
  'barrier',
  'warned',
  'lapsedFor',
  'lapsedAt',
  'endedAt',
  'usedAfterEnd',
  'heard',
];

function cleanContext(context: unknown): Fields {
  if (!isFields(context)) return {};
  const { view, problem } = context;
  return {
    ...pick(context, contextNames),
    ...(isFields(view) && { view: pick(view, viewNames) }),
    ...(isFields(problem) && { problem: pick(problem, ['code', 'at']) }),
  };
}

/** A machine's snapshot has a value; what a promise was given or has brought is nobody's business. */
function cleanSnapshot(snapshot: unknown): Fields {
  if (!isFields(snapshot)) return {};
  const machine = 'value' in snapshot ? { value: snapshot['value'], context: cleanContext(snapshot['context']) } : {};
  return { ...pick(snapshot, ['status']), ...machine };
}

/** An inspection event without secrets and personal data: only what is named here ever leaves the page. */
export function clean(event: StatelyInspectionEvent): Fields {
  const shared = pick({ ...event }, ['type', 'name', 'definition', 'sessionId', 'parentId', 'rootId', 'sourceId']);
  return {
    ...shared,
    ...pick({ ...event }, ['id', 'createdAt', '_version']),
    ...('event' in event && { event: cleanEvent(event.event) }),
    ...('snapshot' in event && { snapshot: cleanSnapshot(event.snapshot) }),
  };
}
