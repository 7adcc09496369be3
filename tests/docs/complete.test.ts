import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { presets } from '../../machines/index.ts';
import { statuses } from '../../server/http/problem.ts';
import { phases } from '../../web/client/tab/phase.ts';
import { readConfig } from '../../server/node/config.ts';
import { durations } from '../../server/node/policy.ts';
import { migrations as postgres } from '../../server/postgres/schema.ts';
import { migrations as sqlite } from '../../server/sqlite/schema.ts';
import { routeDescriptions } from '../../server/operations/routeDescriptions.ts';

const pageOf = (name: string) => readFileSync(`docs/${name}.md`, 'utf8');
/** The first cell of every row of a page's tables. */
const firstCells = (page: string) => [...page.matchAll(/^\| (?!-)(.*?) +\|/gm)].map(([, cell = '']) => cell);

describe('the documents', () => {
  it('keep the README within 8 kB', () => {
    expect(statSync('README.md').size).toBeLessThanOrEqual(8192);
  });

  it('list every problem code with its status', () => {
    const page = pageOf('troubleshooting');
    const listed = [...page.matchAll(/^\| `([a-z_]+)` +\| +(\d{3}) \|/gm)].map(([, code, status]) => [
      code,
      Number(status),
    ]);
    expect(Object.fromEntries(listed)).toEqual(statuses);
  });

  it('list every field of a policy, and no other', () => {
    const fields = pageOf('policy').split('## Fields')[1]?.split('\n## ')[0] ?? '';
    const names = firstCells(fields).map((cell) => cell.replaceAll('`', ''));
    expect(names.slice(1)).toEqual(Object.keys(presets.standard));
  });

  it('list the variables of the server, and no other', () => {
    const names = new Set(pageOf('operations').match(/\bCURFEW_[A-Z_]+\b/g));
    expect([...names]).toEqual(expect.arrayContaining(Object.keys(durations)));
    for (const name of names) {
      const read = readConfig({ CURFEW_SECRET: 'a secret that is long enough to be one', [name]: undefined });
      expect(read).toMatchObject({ ok: true, config: { warnings: [] } });
    }
  });

  it('say what to show in every phase of the tab', () => {
    const [, table = ''] = pageOf('browser').split('### What to show in each phase');
    const cells = firstCells(table.split('\n### ')[0] ?? '').map((cell) => cell.replaceAll('`', ''));
    expect(cells.slice(1)).toEqual(phases);
  });

  it('list the tables that Curfew makes, so that an application names its own otherwise', () => {
    const [, listed = ''] = /These names of tables are taken;([^.]*)\./.exec(pageOf('recipes')) ?? [];
    const made = [...sqlite, ...postgres].flatMap((sql) =>
      [...sql.matchAll(/create table (\w+)/g)].map(([, name = '']) => name),
    );
    const names = [...listed.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    // Of the file, and of the schema, themselves.
    expect(names).toEqual([...new Set([...made, 'main_file', 'curfew_schema'])].toSorted());
  });

  it('list every route that Curfew brings', () => {
    const page = pageOf('protocol');
    const own = Object.keys(routeDescriptions).filter((route) => /\/api\/(auth|drafts|admin)\//.test(`${route}/`));
    for (const route of own) expect(page.replaceAll('` · `', '`/`')).toContain(route.split(' ')[1]);
    expect(own.length).toBeGreaterThan(20);
  });
});
