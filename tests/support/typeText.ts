import type { parseSync } from 'vite';

type Parsed = ReturnType<typeof parseSync>;
export type Statement = Parsed['program']['body'][number];
export type Declaration = NonNullable<Extract<Statement, { type: 'ExportNamedDeclaration' }>['declaration']>;
export type Member = Extract<Declaration, { type: 'TSInterfaceDeclaration' }>['body']['body'][number];
type Declarator = Extract<Declaration, { type: 'VariableDeclaration' }>['declarations'][number];

/** Longer ones are cut: the editor shows the rest. */
const longest = 200;

/** A type on one line, without its comments. */
function flat(text: string): string {
  const line = text
    .replaceAll(/\/\*[^]*?\*\/|\/\/.*$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/([([<]) /g, '$1')
    .replaceAll(/,? ([)\]>])(?!=)/g, (_, end: string) => end)
    .replaceAll(/(^|: )\| /g, '$1')
    .replaceAll(/\breadonly (?=\w+\??:)/g, '')
    .trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** @returns the type of a member as it follows the name: `: string`, or `(id: string): void` */
export function typeOfMember(source: string, member: Member): string {
  if (member.type === 'TSPropertySignature') {
    const type = member.typeAnnotation?.typeAnnotation;
    return type ? `: ${flat(source.slice(type.start, type.end))}` : '';
  }
  if (member.type !== 'TSMethodSignature') return '';
  return flat(source.slice(member.key.end, member.end).replace(/^\?/, '').replace(/;$/, ''));
}

function typeOfVariable(source: string, { id, init }: Declarator): string {
  const annotation = 'typeAnnotation' in id ? id.typeAnnotation?.typeAnnotation : undefined;
  if (annotation) return `: ${flat(source.slice(annotation.start, annotation.end))}`;
  if (init?.type !== 'ArrowFunctionExpression') return '';
  return flat(
    source
      .slice(init.start, init.body.start)
      .replace(/\s*=>[\s(]*$/, '')
      .replace(/^async /, ''),
  );
}

/** @returns the type of what a file declares, as it follows the name, also ` = 'a' | 'b'`; empty where it has members */
export function typeOf(source: string, declaration: Declaration, name: string): string {
  if (declaration.type === 'VariableDeclaration') {
    const found = declaration.declarations.find(({ id }) => 'name' in id && id.name === name);
    return found ? typeOfVariable(source, found) : '';
  }
  if (declaration.type === 'FunctionDeclaration')
    return flat(source.slice(declaration.id?.end, declaration.body?.start));
  if (declaration.type === 'TSTypeAliasDeclaration')
    return ` = ${flat(source.slice(declaration.typeAnnotation.start, declaration.typeAnnotation.end))}`;
  return '';
}
