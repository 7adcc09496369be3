import { readFileSync } from 'node:fs';
import { tableOf, withSection } from './section.ts';
import { exportsOf, type Documented } from './declarations.ts';

/** Interfaces whose members are listed, too. */
const listed = [
  'CurfewOptions',
  'PolicyOption',
  'Curfew',
  'PasswordOptions',
  'OwnAccounts',
  'SqliteOptions',
  'PostgresOptions',
  'ActiveSession',
  'SignedInUser',
  'SignedIn',
  'Refused',
  'SignOut',
  'SignedOut',
  'Revoke',
  'RevokedSessions',
  'Erase',
  'ListSessions',
  'FindSessions',
  'FoundSessions',
  'ApplyPolicy',
  'AppliedPolicy',
  'BackChannelLogout',
  'LogoutClaims',
  'Reference',
  'PolicySubject',
  'EndedSession',
  'TabOptions',
  'Tab',
  'ProofTab',
  'Ways',
  'WaysStore',
  'PasskeyWay',
  'SsoWay',
  'Drafts',
  'ViewState',
  'Inventory',
  'NodeBridge',
  'RedirectOptions',
  'PopupOptions',
  'FinishOptions',
  'CurfewProviderProps',
  'SessionWarningProps',
  'LockedPageProps',
  'WaysAsked',
  'FakeTabState',
  'FakeTabOptions',
  'FakeTab',
  'TestClock',
  'SessionGuardProps',
  'TabState',
  'TabActions',
  'AccountActions',
  'SignIn',
  'Draft',
  'DraftState',
  'DraftOptions',
  'LeaseOptions',
];

/** What a docstring says before its tags, or that it returns, on one line; of a name in a list only the first sentence. */
function summaryOf(doc: string, isWhole: boolean): string {
  const flat = doc.replaceAll('\n', ' ');
  const [before = ''] = flat.split(/ ?@(?:see|returns|throws|param)\b/);
  const text = before || (/@returns (.*?)(?= @|$)/.exec(flat)?.[1] ?? '');
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
  return (isWhole ? line : (/^.*?\.(?= |$)/.exec(line)?.[0] ?? line)) || '–';
}

/** A name with its type, as code in a cell of a table. */
const signatureOf = ({ name, type }: Documented) => `\`${`${name}${type}`.replaceAll('|', '\\|')}\``;

const rowsOf = (all: readonly Documented[], isWhole: boolean) =>
  all.map((each) => [signatureOf(each), summaryOf(each.doc, isWhole)]);

const membersText = ({ name, members }: Documented) =>
  `### ${name}\n\n${tableOf(['member', 'what it is'], rowsOf(members, true))}`;

/** @param written the interfaces whose members an earlier door has listed already; those of this one are added */
function doorText(door: string, path: string, written: Set<string>): string {
  const all = exportsOf(path);
  const values = all.filter(({ isType }) => !isType);
  const types = all.filter(({ isType }) => isType);
  const fresh = types.filter(
    (each) => listed.includes(each.name) && each.members.length > 0 && !written.has(membersText(each)),
  );
  for (const each of fresh) written.add(membersText(each));
  return [
    `## ${door}`,
    ...(values.length > 0 ? [tableOf(['export', 'what it is'], rowsOf(values, false))] : []),
    ...(types.length > 0 ? [tableOf(['type', 'what it is'], rowsOf(types, false))] : []),
    ...fresh.map(membersText),
  ].join('\n\n');
}

/** The doors that code is imported from, with the sources of their index. */
function doors(): readonly (readonly [string, string])[] {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, unknown> };
  return Object.entries(exports).flatMap(([name, target]) => {
    const path = (target as { readonly default?: string }).default;
    return path ? [[name.replace('.', 'curfew'), path.replace('./dist/', '').replace(/\.js$/, '.ts')] as const] : [];
  });
}

/** Every export of every door with its type and the first sentence of its docstring, put into `docs/reference.md`. */
export function referenceOf(page: string): string {
  const written = new Set<string>();
  const all = doors().map(([door, path]) => doorText(door, path, written));
  return withSection(page, 'reference', all.join('\n\n'));
}
