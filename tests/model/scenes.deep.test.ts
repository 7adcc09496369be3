import { beforeAll, describe, expect, it } from 'vitest';
import { tabMachine } from '../../machines/index.ts';
import { fewest, missing, walkedBy } from '../support/model/coverage.ts';
import { onePerEdge, scenePaths, unreachableInBrowser, type ScenePath } from '../support/model/scenes.ts';

describe('the graph of everything that can happen to a tab in its browser', () => {
  let all: readonly ScenePath[];
  beforeAll(() => {
    all = scenePaths();
  }, 120_000);

  it('walks all of the tab machine but what is listed as unreachable', () => {
    expect(missing(tabMachine, walkedBy(all), unreachableInBrowser)).toEqual([]);
    expect(missing(tabMachine, walkedBy(all)).toSorted()).toEqual(Object.keys(unreachableInBrowser).toSorted());
  });

  it('is walked whole by a few paths', () => {
    expect(missing(tabMachine, walkedBy(fewest(all)), unreachableInBrowser)).toEqual([]);
    expect(missing(tabMachine, walkedBy(onePerEdge(all)), unreachableInBrowser)).toEqual([]);
  });
});
