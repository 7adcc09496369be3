import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seconds } from '../../../machines/index.ts';
import { person } from '../person.ts';
import { begin, composer, openHouse, password, status, type House, type Stage } from './stage.ts';

const written = (page: Page, text: string) =>
  page.waitForFunction((wanted) => document.querySelector('textarea')?.value === wanted, text);

async function type(stage: Stage, page: Page, text: string) {
  await composer(page).fill(text);
  await stage.leap(seconds(1));
  await status(page, 'Saved');
}
/** Until the server has one more copy. */
async function sync(stage: Stage, page: Page) {
  const kept = page.waitForResponse((response) => response.request().method() === 'PUT' && response.ok());
  await stage.leap(seconds(3));
  await kept;
}

describe('two copies of one draft', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house?.close());

  /** Begun on the train, gone on with there without a network, and then at home; the train arrives. */
  async function arrive(began: string, onTrain: string, atHome: string) {
    const stage = await begin(house);
    const train = await stage.writing(began);
    await sync(stage, train);
    const home = await stage.open(new URL(train.url()).pathname, await stage.anotherBrowser());
    await person(home).signIn('ada', password);
    await written(home, began);
    await stage.context.setOffline(true);
    await type(stage, train, onTrain);
    await type(stage, home, atHome);
    await sync(stage, home);
    await stage.context.setOffline(false);
    await train.reload();
    await written(train, atHome);
    return { stage, train };
  }

  it('that differ: the newer is shown, the older is offered, and what is chosen stays', async () => {
    const { stage, train } = await arrive('the beginning', 'typed on the train', 'typed at home');
    await train.getByText('There is another copy of this draft').waitFor();
    await train.getByText('typed on the train').waitFor();
    await train.getByRole('button', { name: 'Use the other copy' }).click();
    await written(train, 'typed on the train');
    await stage.leap(seconds(1));
    await status(train, 'Saved');
    await train.reload();
    await written(train, 'typed on the train');
    await stage.between.quiet();
    expect(await train.getByText('There is another copy').count()).toBe(0);
    await stage.close();
  });

  it('of which one has every word of the other are one, and nobody is asked', async () => {
    const { stage, train } = await arrive('Dear Bob', 'Dear Bob, thank you', 'Dear Bob, thank you for the letter');
    await stage.between.quiet();
    expect(await train.getByText('There is another copy').count()).toBe(0);
    await stage.close();
  });
});
