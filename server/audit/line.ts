import type { Recorded } from './recorded.ts';
import { refusals, termOf } from './vocabulary.ts';

/** The fields of an entry that are exported: no policy, which is configuration, and no commitment. */
const exportedFields = [
  'seenAt',
  'until',
  'generation',
  'kind',
  'method',
  'provedAt',
  'issuer',
  'amr',
  'acr',
  'remembered',
  'by',
  'reason',
  'stage',
  'visible',
  'heard',
] as const;

/** Characters besides those that JSON escapes by itself that some readers take for the end of a line or act upon. */
const unruly = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** `name:user,reason`, as the vocabulary writes it. */
function named(term: string, user: string | undefined): string {
  const [name = '', reason] = term.split(':');
  const parameters = [user, reason].filter((each) => each !== undefined);
  return parameters.length > 0 ? `${name}:${parameters.join(',')}` : name;
}

const iso = (at: number): string => new Date(at).toISOString();

function fieldsOf(one: Recorded): object {
  if (one.log === 'security') {
    const { kind, account, user, address, detail } = one.event;
    return { kind, ...(account && { account }), ...(user && { user }), ...(address && { source: address }), detail };
  }
  const { version, type, at, from, to, data, rules, hash } = one.entry;
  const carried = new Map<string, unknown>();
  for (const name of exportedFields) if (Object.hasOwn(data, name)) carried.set(name, data[name]);
  return {
    session: one.session,
    ...(one.user !== null && { user: one.user }),
    version,
    type,
    effective: iso(at),
    from,
    to,
    rules,
    hash,
    data: Object.fromEntries<unknown>(carried),
  };
}

/**
 * One line of JSON for one thing that was recorded: when in UTC, who, what in the words of the vocabulary, where, how
 * grave. Nothing in it can begin another line.
 *
 * @see OWASP Logging Vocabulary, ASVS 5.0 16.2.1–16.2.5, 16.4.1
 */
export function lineOf(one: Recorded): string {
  const term = one.log === 'session' ? termOf(one.entry) : refusals[one.event.kind];
  const user = one.log === 'session' ? (one.user ?? undefined) : (one.event.user ?? one.event.account);
  const { event, also, level, description } = term;
  const line = {
    datetime: iso(one.at),
    appid: 'curfew',
    event: named(event, user),
    ...(also && { also: also.map((each) => named(each, user)) }),
    level,
    description,
    position: one.position,
    ...fieldsOf(one),
  };
  return JSON.stringify(line).replace(unruly, escaped);
}
