import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tableOf, withSection } from '../../support/section.ts';
import { busy, placeOf } from '../machine.ts';
import { measureAppends, type Appends } from './appends.ts';
import { chartOf, type Chart } from './chart.ts';
import { measureGrowth } from './growth.ts';
import { measurePostgresAppends } from './postgresAppends.ts';
import { measureMemory } from './memory.ts';
import { measureLive, type Live } from './sessions.ts';
import { measureSizes } from './size.ts';
import { measureStreams, type Streams } from './streams.ts';
import { measureSweep } from './sweeps.ts';
import { measureUser } from './user.ts';

// How figures change with what there is: entries, sessions, streams, time. See docs/speed.md.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    entries: { type: 'string', default: '100000,500000,1000000' },
    sessions: { type: 'string', default: '1000,10000,100000' },
    streams: { type: 'string', default: '100,1000' },
    appends: { type: 'string', default: '3000' },
    kept: { type: 'string', default: '50000' },
    due: { type: 'string', default: '10000' },
    ended: { type: 'string', default: '5000' },
    write: { type: 'boolean', default: false },
  },
});
const numbersIn = (list: string) => list.split(',').map(Number);
const docs = join(import.meta.dirname, '..', '..', '..', 'docs');
const folder = mkdtempSync(join(tmpdir(), 'curfew-scale-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const whole = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 0 });
const fine = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 2 });

/** One part: what it found out in words and tables, and its curves by the name of their file. */
interface Part {
  readonly text: string;
  readonly charts: Readonly<Record<string, Chart>>;
}

/** The goal stands beside what was measured: how fast a machine is that others use, too, is nothing to rely on. */
const appendRows = (store: string, { oneByOne, together, rawOneByOne, rawInGroups }: Appends) => [
  [store, 'one by one', whole(oneByOne), whole(rawOneByOne), fine(oneByOne / rawOneByOne), '0.75'],
  [store, '100 at once', whole(together), whole(rawInGroups), fine(together / rawInGroups), '0.75'],
];

const parts: Readonly<Record<string, () => Promise<Part>>> = {
  async appends() {
    const count = Number(values.appends);
    const rows = [
      ...appendRows('SQLite, `synchronous=FULL`', await measureAppends(folder, count)),
      ...appendRows('PostgreSQL', await measurePostgresAppends(count)),
    ];
    const head = ['appends a second', '', 'Curfew', 'the same statements, hashes and JSON alone', 'share', 'goal'];
    return { text: tableOf(head, rows), charts: {} };
  },
  async entries() {
    const sizes = await measureSizes(folder, numbersIn(values.entries));
    const [first, last] = [sizes[0], sizes.at(-1)];
    const rows = sizes.map(({ entries, load, append }) => [whole(entries), whole(load), whole(append)]);
    if (first && last)
      rows.push(['last to first, goal at most 1.6', fine(last.load / first.load), fine(last.append / first.append)]);
    const curves = (['load', 'append'] as const).map((name) => ({
      name,
      points: sizes.map((size) => [size.entries, size[name]] as const),
    }));
    return {
      text: tableOf(['entries in the log', 'load a session, µs', 'append an entry, µs'], rows),
      charts: {
        'speed-entries': { title: 'What there is in the log', x: 'entries', y: 'µs', isLogarithmic: true, curves },
      },
    };
  },
  async growth() {
    const [used, idle] = [await measureGrowth(1), await measureGrowth(0)];
    const rows = [
      ['a request a second; a test keeps it at 70 at most', String(used.at(-1)?.[1])],
      ['no request: the sign-in, the warning, and the end of its idle limit', String(idle.at(-1)?.[1])],
    ];
    const curves = [
      { name: 'used', points: used },
      { name: 'idle', points: idle },
    ];
    return {
      text: tableOf(['an hour of one session, preset `standard`', 'entries'], rows),
      charts: { 'speed-growth': { title: 'Entries of one session', x: 'minutes', y: 'entries', curves } },
    };
  },
  async sessions() {
    const counts = numbersIn(values.sessions);
    const all = await measureLive(counts);
    const rows = all.map((each) => [
      whole(each.sessions),
      { on: 'on', missing: 'every request misses', off: 'off' }[each.cache],
      ...[each.opening, each.rssAtStart, each.rss, each.cpu].map(whole),
      fine(each.p50),
      fine(each.p99),
    ]);
    const head = [
      'live sessions',
      'copies in memory',
      'start, ms',
      'RSS at start, MB',
      'RSS, MB',
      'CPU a request, µs',
      'p50, ms',
      'p99, ms',
    ];
    const curve = (name: string, of: 'rssAtStart' | 'rss') => ({
      name,
      points: all.filter(({ cache }) => cache === 'on').map((each) => [each.sessions, each[of]] as const),
    });
    const curves = [curve('at the start', 'rssAtStart'), curve('after requests', 'rss')];
    const p99 = (which: (live: Live) => boolean) => all.find(which)?.p99 ?? Number.NaN;
    const [fewest, most] = [
      p99(({ cache }) => cache === 'on'),
      p99(({ sessions: many }) => many === Math.max(...counts)),
    ];
    const quotients = [
      `p99 of the most to that of the fewest: ${fine(most / fewest)}, goal at most 1.2.`,
      `p99 where every request misses to that without copies: ${fine(p99(({ cache }) => cache === 'missing') / p99(({ cache }) => cache === 'off'))}, goal at most 1.`,
    ];
    return {
      text: [tableOf(head, rows), quotients.join('\n')].join('\n\n'),
      charts: {
        'speed-sessions': {
          title: 'Memory of a server',
          x: 'live sessions in the store, 1,000 of them in use',
          y: 'MB',
          isLogarithmic: true,
          curves,
        },
      },
    };
  },
  async memory() {
    const { copy, token } = await measureMemory(folder, Number(values.kept));
    const head = ['one session in memory, once it was used', 'bytes'];
    const rows = [
      ['its copy, with its key', whole(copy)],
      ['its token, with its key', whole(token)],
      ['both, goal at most 600', whole(copy + token)],
    ];
    return { text: tableOf(head, rows), charts: {} };
  },
  async sweeps() {
    const sweep = await measureSweep(folder, Number(values.due));
    const head = ['a sweep, SQLite, `synchronous=FULL`', '', 'without a sweep', 'goal'];
    const rows = [
      ['settled a second', whole(sweep.perSecond), '', '10,000'],
      ['CPU time each, µs', whole(sweep.cpu), '', ''],
      ['other work is late by, p99, ms', fine(sweep.p99), fine(sweep.p99Without), '10'],
      ['at most, ms', fine(sweep.most), fine(sweep.mostWithout), ''],
    ];
    return { text: tableOf(head, rows), charts: {} };
  },
  async user() {
    const [none, many] = [await measureUser(folder, 0), await measureUser(folder, Number(values.ended))];
    const head = ['sessions of a user that have ended', whole(none.ended), whole(many.ended)];
    const rows = [
      ['a sign-in, ms', fine(none.signIn), fine(many.signIn)],
      ['the list of live sessions, ms', fine(none.live), fine(many.live)],
      ['the list with those that have ended, ms', fine(none.withEnded), fine(many.withEnded)],
    ];
    return { text: tableOf(head, rows), charts: {} };
  },
  async streams() {
    const all: Streams[] = [];
    for (const count of numbersIn(values.streams)) all.push(await measureStreams(count));
    const rows = all.map((each) => [
      whole(each.open),
      whole(each.each),
      fine(each.p50),
      fine(each.p99),
      whole(each.others),
    ]);
    const curves = (['p50', 'p99'] as const).map((name) => ({
      name,
      points: all.map((each) => [each.open, each[name]] as const),
    }));
    return {
      text: tableOf(['open streams', 'kB each', 'end told, p50 ms', 'p99 ms', 'other requests a second'], rows),
      charts: {
        'speed-streams': {
          title: 'An end reaches its streams',
          x: 'open streams',
          y: 'ms',
          isLogarithmic: true,
          curves,
        },
      },
    };
  },
};

const unknown = positionals.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) throw new Error(`There is no ${unknown}; there are: ${Object.keys(parts).join(', ')}`);
const page = join(docs, 'speed.md');
const write = (name: string, text: string) =>
  writeFileSync(page, withSection(readFileSync(page, 'utf8'), `scale ${name}`, text));
for (const [name, measure] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  console.log(`${name} …`);
  const before = busy();
  const { text, charts } = await measure();
  const conditions = `${placeOf()}\nLoad of the machine (mean of the minute) before: ${before}, at the end: ${busy()}.`;
  console.log(`\n${text}\n\n${conditions}\n`);
  if (!values.write) continue;
  const pictures = Object.entries(charts).map(([file, { title }]) => `![${title}](${file}.svg)`);
  for (const [file, chart] of Object.entries(charts)) writeFileSync(join(docs, `${file}.svg`), chartOf(chart));
  write(name, [text, ...pictures, conditions].join('\n\n'));
}
process.exit();
