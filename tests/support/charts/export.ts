import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'vite';
import { chartOf, presets, sessionMachine, tabMachine } from '../../../machines/index.ts';
import type { svgOf as SvgOf } from '../../../web/app/inspector/chart/svg.tsx';
import { withSection } from '../section.ts';
import { jsonOf, mermaidOf, table } from './drawing.ts';

const root = new URL('../../../', import.meta.url);

/** Everything in the repository that is made from the machines, by its path. */
export async function exported(): Promise<ReadonlyMap<string, string>> {
  // The drawing is the application's own component, which takes a compiler.
  const compiler = await createServer({
    configFile: false,
    root: root.pathname,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  const made = (await compiler.ssrLoadModule('/web/app/inspector/chart/svg.tsx')) as { svgOf: typeof SvgOf };
  const files = new Map<string, string>();
  for (const machine of [sessionMachine, tabMachine]) {
    files.set(`machines/charts/${machine.id}.json`, jsonOf(machine));
    files.set(`machines/charts/${machine.id}.mmd`, `${mermaidOf(machine)}\n`);
    files.set(`machines/charts/${machine.id}.svg`, `${await made.svgOf(chartOf(machine), presets.standard)}\n`);
  }
  const readme = readFileSync(new URL('machines/README.md', root), 'utf8');
  const drawn = withSection(readme, 'diagram', `\`\`\`mermaid\n${mermaidOf(sessionMachine)}\n\`\`\``);
  files.set('machines/README.md', withSection(drawn, 'table', table()));
  await compiler.close();
  return files;
}

if (process.argv[1]?.endsWith('export.ts')) {
  if (process.argv[2] !== 'export') {
    console.error('npm run machines -- export: writes each machine as JSON, Mermaid and SVG to machines/charts');
    process.exitCode = 1;
  } else {
    mkdirSync(new URL('machines/charts', root), { recursive: true });
    for (const [path, text] of await exported()) {
      writeFileSync(new URL(path, root), text);
      console.log(path);
    }
  }
}
