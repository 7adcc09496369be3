import { posix } from 'node:path';
import { parseSync, Visitor } from 'vite';

/** A source file; its path is relative to the root of the repository. */
export type Source = { path: string; text: string };

/** What stands against some files, one line each; empty when all is well. */
export type Rule = (sources: Source[]) => string[];

type Import = { from: string; to: string; isType: boolean; isOurs: boolean };

const isCode = ({ path }: Source) => /\.tsx?$/.test(path);
const roomOf = (path: string) => (path.startsWith('web/app/') ? 'web/app' : path.split('/')[0]);
const isIn = (path: string, ...rooms: string[]) => rooms.includes(roomOf(path) ?? '');

function visit(source: Source, visitor: ConstructorParameters<typeof Visitor>[0]): void {
  const { program, errors } = parseSync(source.path, source.text);
  if (errors.length > 0) throw new Error(`${source.path} does not parse: ${errors[0]?.message}`);
  new Visitor(visitor).visit(program);
}

function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  const add = (specifier: unknown, isType: boolean) => {
    const name = typeof specifier === 'string' ? specifier : '(computed)';
    const isOurs = name.startsWith('.');
    const to = isOurs ? posix.join(posix.dirname(source.path), name) : name;
    found.push({ from: source.path, to, isType, isOurs });
  };
  visit(source, {
    ImportDeclaration: (node) => add(node.source.value, node.importKind === 'type'),
    ExportAllDeclaration: (node) => add(node.source.value, node.exportKind === 'type'),
    ExportNamedDeclaration: (node) => node.source && add(node.source.value, node.exportKind === 'type'),
    ImportExpression: (node) => add('value' in node.source ? node.source.value : undefined, false),
    TSImportType: (node) => add(node.source.value, true),
  });
  return found;
}

function importRule(room: string, isAllowed: (found: Import) => boolean): Rule {
  return (sources) =>
    sources
      .filter((source) => isCode(source) && isIn(source.path, room))
      .flatMap(importsOf)
      .filter((found) => !isAllowed(found))
      .map((found) => `${found.from} imports ${found.isType ? 'types of ' : ''}${found.to}`);
}

const isDoor = (found: Import, ...doors: string[]) => doors.includes(found.to);
const isForeign = (found: Import) => !found.isOurs && !found.to.startsWith('curfew') && found.to !== '(computed)';
const isTypeOfServer = (found: Import) => found.isType && isDoor(found, 'server/index.ts');
const isTypeOfApplication = (found: Import) => found.isType && isDoor(found, 'server/app/app.ts');

export const machinesImportOnlyXstate: Rule = importRule('machines', (found) =>
  found.isOurs ? isIn(found.to, 'machines') : found.to === 'xstate',
);

/** The one file that loads what the command line names. */
const isConfigOfApplication = (found: Import) => found.from === 'server/cli/source.ts' && found.to === '(computed)';

export const serverImportsOnlyMachinesDoor: Rule = importRule(
  'server',
  (found) =>
    isForeign(found) || isIn(found.to, 'server') || isDoor(found, 'machines/index.ts') || isConfigOfApplication(found),
);

export const webImportsOnlyDoors: Rule = importRule(
  'web',
  (found) => isForeign(found) || isIn(found.to, 'web') || isDoor(found, 'machines/index.ts') || isTypeOfServer(found),
);

export const applicationImportsOnlyDoors: Rule = importRule(
  'web/app',
  (found) =>
    isForeign(found) ||
    isIn(found.to, 'web/app') ||
    isDoor(found, 'web/client/index.ts', 'web/react/index.ts', 'web/styles/curfew.css', 'machines/index.ts') ||
    isTypeOfServer(found) ||
    isTypeOfApplication(found),
);

export const nothingImportsTests: Rule = (sources) =>
  sources
    .filter((source) => isCode(source) && isIn(source.path, 'machines', 'server', 'web', 'web/app'))
    .flatMap(importsOf)
    .filter((found) => (found.isOurs && isIn(found.to, 'tests')) || /^vitest\b/.test(found.to))
    .map((found) => `${found.from} imports ${found.to}`);

function memberRule(members: string[], mayUse: (path: string) => boolean): Rule {
  return (sources) =>
    sources
      .filter((source) => isCode(source) && isIn(source.path, 'machines', 'server', 'web', 'web/app'))
      .filter((source) => !mayUse(source.path))
      .flatMap((source) => {
        const found = membersUsedIn(source).filter((member) => members.includes(member));
        return found.map((member) => `${source.path} uses ${member}`);
      });
}

/** `Date.now`, `globalThis.Date.now` and `Date['now']` are all `Date.now`; so is the name taken without a call. */
function membersUsedIn(source: Source): string[] {
  const found: string[] = [];
  visit(source, {
    MemberExpression: (node) => {
      const owner = node.object.type === 'MemberExpression' ? node.object.property : node.object;
      const ownerName = owner.type === 'Identifier' ? owner.name : '';
      const isNamed = node.property.type === 'Identifier' && !node.computed;
      found.push(`${ownerName}.${isNamed ? source.text.slice(node.property.start, node.property.end) : literal(node)}`);
    },
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'Date') found.push('new Date()');
    },
    NewExpression: (node) => {
      const isDate = node.callee.type === 'Identifier' && node.callee.name === 'Date';
      if (isDate && node.arguments.length === 0) found.push('new Date()');
    },
  });
  return found;
}

const literal = (node: { property: object }) => ('value' in node.property ? String(node.property.value) : '');

/** What is started as a process of its own. */
const isProcess = (path: string) =>
  path === 'server/app/main.ts' || /^server\/cli\/(audit|users|sessions|backup|doctor)\.ts$/.test(path);

const mayAskTheTime = (path: string) =>
  isProcess(path) ||
  ['server/systemClock.ts', 'web/app/main.tsx'].includes(path) ||
  /^web\/client\/device\/(clock|timer|lifecycle)\.ts$/.test(path);

export const timeAndChanceEnterAsValues: Rule = memberRule(
  ['Date.now', 'new Date()', 'performance.now', 'Math.random'],
  mayAskTheTime,
);

export const onlyMainReadsTheEnvironment: Rule = memberRule(['process.env'], isProcess);

const longest = 250;

export const filesHaveOneIdea: Rule = (sources) =>
  sources
    .filter((source) => /\.(tsx?|css)$/.test(source.path) && isIn(source.path, 'machines', 'server', 'web', 'web/app'))
    .map((source) => ({ ...source, lines: source.text.replace(/\n$/, '').split('\n').length }))
    .filter(({ lines }) => lines > longest)
    .map(({ path, lines }) => `${path} has ${lines} lines; past ${longest}, look for the second idea`);

/** The floors of the server, lowest first: a room imports what is below it and nothing beside or above, types included. */
const serverFloors = [
  ['store'],
  ['keys', 'sql'],
  ['sqlite', 'postgres', 'session', 'contract'],
  ['memory', 'http'],
  ['accounts', 'throttle', 'audit'],
  ['routes', 'operations', 'verbs'],
  [''],
  ['node', 'workers'],
  ['cli', 'app'],
];

const webFloors = [['client', 'styles'], ['messages'], ['react', 'testing'], ['app']];

const clientFloors = [['device'], ['http'], ['forms'], ['work'], ['tab'], ['proofs'], ['']];

/** The room of a file within a house, as `server`: its folder, and nothing for the files beside the rooms. */
const folderIn = (house: string, path: string) => {
  if (!path.startsWith(`${house}/`)) return undefined;
  const [room, ...rest] = path.slice(house.length + 1).split('/');
  return rest.length === 0 ? '' : room;
};

const arrowsGoDown =
  (house: string, floors: readonly (readonly string[])[]): Rule =>
  (sources) =>
    sources
      .filter((source) => isCode(source) && folderIn(house, source.path) !== undefined)
      .flatMap((source) => importsOf(source).map((found) => ({ from: source.path, to: found.to })))
      .filter(({ from, to }) => {
        const [here, there] = [folderIn(house, from), folderIn(house, to)];
        if (there === undefined || here === there) return false;
        const floorOf = (room: string | undefined) => floors.findIndex((rooms) => rooms.includes(room ?? ''));
        return floorOf(there) === -1 || floorOf(there) >= floorOf(here);
      })
      .map(({ from, to }) => `${from} imports ${to}, which is not below it`);

export const serverArrowsGoDown: Rule = arrowsGoDown('server', serverFloors);

/** The door of the client hands on the words of messages, too; the client itself knows none. */
const isDoorOfWords = ({ path }: Source): boolean => path === 'web/client/index.ts';

export const webArrowsGoDown: Rule = (sources) =>
  arrowsGoDown('web', webFloors)(sources.filter((source) => !isDoorOfWords(source)));

export const clientArrowsGoDown: Rule = arrowsGoDown('web/client', clientFloors);

const foreignTo = (room: string, isForeignTo: (name: string) => boolean): Rule =>
  importRule('server', (found) => !found.from.startsWith(room) || found.isOurs || !isForeignTo(found.to));

export const domainKnowsNoHttp: Rule = foreignTo('server/session/', (name) =>
  /^(hono|@hono|pg|node:(http|https|net|sqlite))(\/|$)/.test(name),
);

const sql = /\b(select\s[^;]*\sfrom|insert into|delete from|update \w+ set|create table)\b/i;

const maySpeakSql = (path: string) => /^server\/(sqlite|postgres|sql|workers|app\/store)\//.test(path);

/** Looks into strings and templates only: prose may say what it likes. */
export const sqlStandsInAdapters: Rule = (sources) =>
  sources
    .filter((source) => isCode(source) && isIn(source.path, 'server') && !maySpeakSql(source.path))
    .filter((source) => {
      const texts: string[] = [];
      visit(source, {
        Literal: (node) => typeof node.value === 'string' && texts.push(node.value),
        TemplateElement: (node) => texts.push(node.value.raw),
      });
      return texts.some((text) => sql.test(text));
    })
    .map(({ path }) => `${path} speaks SQL`);
