import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { parseSync } from 'vite';

/** A name that a file exports, or a member of what it exports, with the docstring before it. */
export interface Documented {
  readonly name: string;
  /** Whether it is there only for the compiler. */
  readonly isType: boolean;
  /** The docstring's text without its stars; empty when there is none. */
  readonly doc: string;
  /** The members of an interface. */
  readonly members: readonly Documented[];
}

type Parsed = ReturnType<typeof parseSync>;
type Statement = Parsed['program']['body'][number];
type Exported = Extract<Statement, { type: 'ExportNamedDeclaration' }>;

const textOf = (comment: string) =>
  comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, ''))
    .join('\n')
    .trim();

/** The docstring that ends just before a place of a file. */
function docBefore({ comments }: Parsed, source: string, start: number): string {
  const found = comments.findLast(({ end }) => end <= start);
  const isDoc = found?.type === 'Block' && found.value.startsWith('*') && /^\s*$/.test(source.slice(found.end, start));
  return isDoc ? textOf(found.value.slice(1)) : '';
}

const nameOf = (node: object): string =>
  'name' in node && typeof node.name === 'string' ? node.name : 'value' in node ? String(node.value) : '';

function membersOf(parsed: Parsed, source: string, declaration: NonNullable<Exported['declaration']>): Documented[] {
  if (declaration.type !== 'TSInterfaceDeclaration') return [];
  return declaration.body.body.flatMap((member) => {
    if (member.type !== 'TSPropertySignature' && member.type !== 'TSMethodSignature') return [];
    const { key, start, optional } = member;
    const name = `${nameOf(key)}${optional ? '?' : ''}`;
    return [{ name, isType: false, doc: docBefore(parsed, source, start), members: [] }];
  });
}

function declaredIn(parsed: Parsed, source: string, statement: Exported): Documented[] {
  const { declaration, start } = statement;
  if (!declaration) return [];
  const names =
    declaration.type === 'VariableDeclaration'
      ? declaration.declarations.map(({ id }) => nameOf(id))
      : 'id' in declaration && declaration.id
        ? [nameOf(declaration.id)]
        : [];
  const isType = declaration.type === 'TSInterfaceDeclaration' || declaration.type === 'TSTypeAliasDeclaration';
  const doc = docBefore(parsed, source, start);
  return names.map((name) => ({ name, isType, doc, members: membersOf(parsed, source, declaration) }));
}

/** Everything that a file exports, followed through the files it takes it from, in the order of the file. */
export function exportsOf(path: string): readonly Documented[] {
  const source = readFileSync(path, 'utf8');
  const parsed = parseSync(path, source);
  const from = (specifier: string) => exportsOf(posix.join(posix.dirname(path), specifier));
  return parsed.program.body.flatMap((statement) => {
    if (statement.type === 'ExportAllDeclaration') return from(statement.source.value);
    if (statement.type !== 'ExportNamedDeclaration') return [];
    if (!statement.source) return declaredIn(parsed, source, statement);
    const there = from(statement.source.value);
    return statement.specifiers.map(({ local, exported }) => {
      const found = there.find(({ name }) => name === nameOf(local));
      if (!found) throw new Error(`${path} exports ${nameOf(local)}, which ${statement.source?.value} does not`);
      return { ...found, name: nameOf(exported) };
    });
  });
}
