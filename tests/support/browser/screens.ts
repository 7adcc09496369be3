import type { Page } from 'playwright-core';
import { minutes, seconds } from '../../../machines/index.ts';
import { userOn } from './user.ts';
import {
  comeBack,
  composer,
  dialog,
  lock,
  password,
  passwordField,
  sessionOf,
  status,
  stay,
  toast,
  wake,
  type Site,
} from './site.ts';

/** The limits under which somebody comes past every stage within two hours. */
export const limits = { absoluteTimeout: minutes(80), tokenLifetime: minutes(80) };

/** What is done at every screen and stage; hands off everything but looking and the Tab key. */
export type Look = (name: string, page: Page) => Promise<void>;

/** Waits for what needs short timers of the page, which stand still otherwise: drawings, axe. */
export async function meanwhile<Value>({ world, context }: Site, awaited: Promise<Value>): Promise<Value> {
  const isOver = awaited.then(
    () => true,
    () => true,
  );
  do {
    world.pass(1);
    await context.clock.runFor(1);
  } while (!(await Promise.race([isOver, Promise.resolve(false)])));
  return awaited;
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const go = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).first().click();

async function door(site: Site, look: Look): Promise<Page> {
  const page = await site.open();
  await page.getByText('For your security').waitFor();
  await look('sign-in', page);
  await button(page, 'Create an account').click();
  await page.getByText('At least 8 characters').waitFor();
  await look('new account', page);
  await button(page, 'Sign in instead').click();
  await userOn(page).signIn('chief', 'wrong');
  await page.getByText('User name or password is wrong').waitFor();
  await look('sign-in refused', page);
  return page;
}

async function administration(site: Site, page: Page, look: Look) {
  const chief = site.world.client('bearer');
  await chief.register('chief', password);
  await site.world.users.setRole(chief.user?.id ?? '', 'administrator');
  await userOn(page).signIn('chief', password);
  await go(page, 'Administration');
  const found = page.getByRole('region', { name: 'Who is and was signed in' });
  const other = found.getByRole('button', { name: 'Sign out' }).first();
  await meanwhile(site, other.waitFor());
  await other.click();
  await found.getByRole('group').waitFor();
  await look('administration', page);
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
  await button(page, 'Sign in').waitFor();
  await page.close();
}

async function work(site: Site, look: Look): Promise<Page> {
  const page = await site.writing(
    'The night shift wants the report before six. Ask Ines for the figures of last week.',
  );
  await button(page, 'Send').click();
  await page.locator('time').waitFor();
  await composer(page).fill('Dear Mr Okafor,\n\nthank you for calling back so quickly.');
  await site.leap(seconds(1));
  await status(page, 'Saved');
  await look('conversation', page);
  await button(page, 'Delete').click();
  await look('conversation to be deleted', page);
  await button(page, 'Keep it').click();
  await button(page, 'Rename').click();
  await look('conversation to be renamed', page);
  await button(page, 'Cancel').click();
  await button(page, 'Time left').click();
  await look('time left', page);
  await page.keyboard.press('Escape');
  return page;
}

async function pages(site: Site, page: Page, look: Look) {
  await go(page, 'Settings');
  await page.getByRole('heading', { name: 'How long you stay signed in' }).waitFor();
  await look('settings', page);
  const phone = site.world.client('bearer');
  await phone.login('ada', password);
  await phone.post('/api/auth/logout', {});
  await phone.login('ada', password);
  await go(page, 'Security');
  const other = page.getByRole('list').getByRole('button', { name: 'Sign out' });
  await meanwhile(site, other.waitFor());
  await other.click();
  await button(page, 'Delete my account').click();
  await button(page, 'Delete for good').waitFor();
  await look('security', page);
  await go(page, 'Inspector');
  const drawn = page.locator('.app-chart g[data-active="true"], .app-states [data-active="true"]').first();
  await meanwhile(site, drawn.waitFor());
  await look('inspector', page);
  await go(page, 'Curfew');
  await page.getByText('Pick up where you left off').waitFor();
  await look('home', page);
}

async function idle(site: Site, page: Page, look: Look) {
  await site.leap(minutes(25));
  await toast(page).waitFor();
  await look('first warning', page);
  await site.leap(minutes(3));
  await dialog(page).waitFor();
  await look('dialog', page);
  site.fails((what) => (what.endsWith('/refresh') ? 'error' : null));
  await stay(page).click();
  await dialog(page).getByRole('button', { name: 'Try again' }).waitFor();
  await look('dialog that failed', page);
  site.fails(() => null);
  await site.leap(minutes(3));
  await lock(page).waitFor();
  await look('locked', page);
  await passwordField(page).fill('wrong');
  await lock(page).click();
  await page.getByText("That password isn't right").waitFor();
  await look('locked, refused', page);
  await button(page, 'Delete from this device').click();
  await look('locked, to be deleted', page);
  await button(page, 'Keep it').click();
  await comeBack(page);
  await page.getByText('Welcome back').waitFor();
  await look('welcome back', page);
}

async function absolute(site: Site, page: Page, look: Look) {
  // Until what the last look did is told.
  await site.leap(minutes(2));
  for (const wait of [22, 24, 24]) {
    await site.leap(minutes(wait));
    await site.act(page);
  }
  await site.leap(minutes(3));
  await toast(page).waitFor();
  await look('first warning of the absolute limit', page);
  await toast(page).getByRole('button', { name: 'Sign in again' }).click();
  await passwordField(page).waitFor();
  await look('first warning with a password', page);
  await site.leap(minutes(3));
  await dialog(page).waitFor();
  await look('dialog of the absolute limit', page);
}

async function gone(site: Site, page: Page, look: Look) {
  const elsewhere = site.world.client('bearer');
  await elsewhere.login('ada', password);
  await elsewhere.call('DELETE', `/api/auth/sessions/${await sessionOf(page)}`);
  await wake(page);
  await page.getByText('You were signed out from another device').waitFor();
  await look('signed out with a reason', page);
  await button(page, 'Sign in').click();
  await button(page, 'Why was I signed out?').waitFor();
  await look('sign-in again', page);
}

/** Leads an administrator and somebody else past every screen and stage there is. */
export async function everyScreen(site: Site, lookAt: Look) {
  const look: Look = async (name, page) => {
    await site.rest();
    await lookAt(name, page);
  };
  await administration(site, await door(site, look), look);
  const page = await work(site, look);
  await pages(site, page, look);
  await idle(site, page, look);
  await absolute(site, page, look);
  await gone(site, page, look);
}
