import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { parseSync } from 'vite';
import { typeOf, typeOfMember, type Declaration, type Statement } from './typeText.ts';

/** A name that a file exports, or a member of what it exports, with the docstring before it. */
export interface Documented {
  readonly name: string;
  /** Its type as it follows the name: `: string`, `(id: string): void`, ` = 'a' | 'b'`; empty where it has members. */
  readonly type: string;
  /** Whether it is there only for the compiler. */
  readonly isType: boolean;
  /** The docstring's text without its stars; empty when there is none. */
  readonly doc: string;
  /** The members of an interface, those that it inherits last. */
  readonly members: readonly Documented[];
}

type Interface = Extract<Declaration, { type: 'TSInterfaceDeclaration' }>;
type Heritage = Interface['extends'][number];
type Argument = NonNullable<Heritage['typeArguments']>['params'][number];

interface File {
  readonly path: string;
  readonly source: string;
  readonly parsed: ReturnType<typeof parseSync>;
}

const files = new Map<string, File>();

function fileOf(path: string): File {
  const known = files.get(path);
  if (known) return known;
  const source = readFileSync(path, 'utf8');
  const file = { path, source, parsed: parseSync(path, source) };
  files.set(path, file);
  return file;
}

const beside = ({ path }: File, specifier: string) => fileOf(posix.join(posix.dirname(path), specifier));

const textOf = (comment: string) =>
  comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, ''))
    .join('\n')
    .trim();

/** The docstring that ends just before a place of a file. */
function docBefore({ parsed, source }: File, start: number): string {
  const found = parsed.comments.findLast(({ end }) => end <= start);
  const isDoc = found?.type === 'Block' && found.value.startsWith('*') && /^\s*$/.test(source.slice(found.end, start));
  return isDoc ? textOf(found.value.slice(1)) : '';
}

const nameOf = (node: object): string =>
  'name' in node && typeof node.name === 'string' ? node.name : 'value' in node ? String(node.value) : '';

const declarationOf = (statement: Statement): Statement | Declaration =>
  statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : statement;

/** The members of an interface that a file declares or takes from another file of ours, by its name there. */
function membersNamed(file: File, name: string): readonly Documented[] {
  for (const statement of file.parsed.program.body) {
    const declared = declarationOf(statement);
    if (declared.type === 'TSInterfaceDeclaration' && declared.id.name === name) return membersOf(file, declared);
    if (declared.type !== 'ImportDeclaration' && declared.type !== 'ExportNamedDeclaration') continue;
    if (!declared.source?.value.startsWith('.')) continue;
    for (const specifier of declared.specifiers) {
      const [here, there] =
        specifier.type === 'ImportSpecifier'
          ? [specifier.local, specifier.imported]
          : specifier.type === 'ExportSpecifier'
            ? [specifier.exported, specifier.local]
            : [];
      if (here && there && nameOf(here) === name)
        return membersNamed(beside(file, declared.source.value), nameOf(there));
    }
  }
  return [];
}

const bare = ({ name }: Documented) => name.replace('?', '');

/** The words that a union of them, or one alone, is made of. */
function wordsOf(type: Argument | undefined): readonly string[] {
  if (type?.type === 'TSUnionType') return type.types.flatMap(wordsOf);
  return type?.type === 'TSLiteralType' ? [nameOf(type.literal)] : [];
}

/** The members that come from what an interface extends: an interface, or a part of one. */
function inherited(file: File, name: string, [base, words]: readonly Argument[]): readonly Documented[] {
  const given = base?.type === 'TSTypeReference' ? base : undefined;
  const members = () => (given ? inherited(file, nameOf(given.typeName), given.typeArguments?.params ?? []) : []);
  const isNamed = (member: Documented) => wordsOf(words).includes(bare(member));
  if (name === 'Omit') return members().filter((member) => !isNamed(member));
  if (name === 'Pick') return members().filter(isNamed);
  if (name === 'Partial') return members().map((member) => ({ ...member, name: `${bare(member)}?` }));
  if (name === 'Required') return members().map((member) => ({ ...member, name: bare(member) }));
  return membersNamed(file, name);
}

function membersOf(file: File, { body, extends: bases }: Interface): readonly Documented[] {
  const own = body.body.flatMap((member) => {
    if (member.type !== 'TSPropertySignature' && member.type !== 'TSMethodSignature') return [];
    const name = `${nameOf(member.key)}${member.optional ? '?' : ''}`;
    const type = typeOfMember(file.source, member);
    return [{ name, type, isType: false, doc: docBefore(file, member.start), members: [] }];
  });
  const names = new Set(own.map(bare));
  const more = bases.flatMap(({ expression, typeArguments }) =>
    inherited(file, nameOf(expression), typeArguments?.params ?? []),
  );
  return [...own, ...more.filter((member) => !names.has(bare(member)))];
}

function declaredIn(file: File, declaration: Declaration, start: number): Documented[] {
  const names =
    declaration.type === 'VariableDeclaration'
      ? declaration.declarations.map(({ id }) => nameOf(id))
      : 'id' in declaration && declaration.id
        ? [nameOf(declaration.id)]
        : [];
  const isType = declaration.type === 'TSInterfaceDeclaration' || declaration.type === 'TSTypeAliasDeclaration';
  const members = declaration.type === 'TSInterfaceDeclaration' ? membersOf(file, declaration) : [];
  const doc = docBefore(file, start);
  return names.map((name) => ({ name, type: typeOf(file.source, declaration, name), isType, doc, members }));
}

/** Everything that a file exports, followed through the files it takes it from, in the order of the file. */
export function exportsOf(path: string): readonly Documented[] {
  const file = fileOf(path);
  const from = (specifier: string) => exportsOf(beside(file, specifier).path);
  return file.parsed.program.body.flatMap((statement) => {
    if (statement.type === 'ExportAllDeclaration') return from(statement.source.value);
    if (statement.type !== 'ExportNamedDeclaration') return [];
    if (!statement.source) return statement.declaration ? declaredIn(file, statement.declaration, statement.start) : [];
    const there = from(statement.source.value);
    return statement.specifiers.map(({ local, exported }) => {
      const found = there.find(({ name }) => name === nameOf(local));
      if (!found) throw new Error(`${path} exports ${nameOf(local)}, which ${statement.source?.value} does not`);
      return { ...found, name: nameOf(exported) };
    });
  });
}
