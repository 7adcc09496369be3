import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { pack, temporary } from './bench.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The path of what `npm publish` would send. */
    tarball: string;
  }
}

/** Packs once for all files of a run. */
export function setup(project: TestProject): () => void {
  const folder = temporary('pack');
  project.provide('tarball', pack(folder));
  return () => rmSync(folder, { recursive: true, force: true });
}
