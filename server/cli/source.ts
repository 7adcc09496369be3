import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { checkedConfig, type Config } from '../node/config.ts';
import { optionsOf } from '../node/configFromEnvironment.ts';
import { readSecret } from '../node/secret.ts';
import { checkOptions, checkSecret, type CheckedOptions, type CurfewOptions } from '../options.ts';
import type { DatabasePlace } from '../store/adapter.ts';
import { Refusal } from './refuse.ts';

/** Which database a command works on, and with which options. */
export interface Source {
  readonly options: CheckedOptions;
  /** `null` where there is nothing but memory. */
  readonly place: DatabasePlace | null;
  /** Reads the secret. @returns `null` when none is there yet, or it is a function of the application that gives none */
  readonly readSecret: () => Promise<string | null>;
  /** What the environment says, `null` with `--config`. */
  readonly config: Config | null;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const exported = z.looseObject({ default: z.unknown().optional(), options: z.unknown().optional() });

/** Loads the options that a file of the application exports. @throws Refusal in one line that names the file */
async function load(file: string): Promise<CurfewOptions> {
  const path = resolve(file);
  if (!existsSync(path)) throw new Refusal(`--config ${JSON.stringify(file)}: there is no such file`);
  const loaded: unknown = await import(pathToFileURL(path).href).catch((error: unknown) => {
    throw new Refusal(`--config ${JSON.stringify(file)}: ${error instanceof Error ? error.message : String(error)}`);
  });
  const { default: first, options: second } = exported.parse({ ...(isObject(loaded) && loaded) });
  const options = first ?? second;
  if (!isOptions(options))
    throw new Refusal(
      `--config ${JSON.stringify(file)}: it must export the options of createCurfew, as default or as options`,
    );
  return options;
}

/** What is in them is checked by `checkOptions`. */
const isOptions = (value: unknown): value is CurfewOptions => isObject(value) && 'store' in value;

function ofEnvironment(env: NodeJS.ProcessEnv): Source {
  const config = checkedConfig(env);
  const { database, secret } = config;
  return {
    options: checkOptions(optionsOf(config)),
    place: database,
    // A command makes no secret: the server makes it, at its first start.
    readSecret: async () => secret ?? (database.kind === 'sqlite' ? readSecret(database.path) : null),
    config,
  };
}

async function ofFile(file: string): Promise<Source> {
  const options = checkOptions(await load(file));
  const { secret, store } = options;
  return {
    options,
    place: store.place ?? null,
    readSecret: async () => checkSecret(typeof secret === 'string' ? secret : await secret()),
    config: null,
  };
}

/**
 * Takes `--config FILE` out of the arguments.
 *
 * @throws Refusal when it has no file, or is given twice
 */
export function takeConfig(args: readonly string[]): {
  readonly file: string | null;
  readonly rest: readonly string[];
} {
  const found = args.flatMap((arg, at) => (arg === '--config' || arg.startsWith('--config=') ? [at] : []));
  const [at] = found;
  if (at === undefined) return { file: null, rest: args };
  const [, joined] = /^--config=(.*)$/s.exec(args[at] ?? '') ?? [];
  const file = joined ?? args[at + 1] ?? '';
  if (found.length > 1) throw new Refusal('--config is given twice');
  if (file === '' || (joined === undefined && file.startsWith('--'))) throw new Refusal('--config needs a file');
  return { file, rest: args.toSpliced(at, joined === undefined ? 2 : 1) };
}

/**
 * Finds the database and the options of a command: those that a file exports with `--config FILE`, or else those of the
 * environment, as the reference application reads it.
 *
 * @throws Refusal, InvalidOption or InvalidVariable with one line that says what is wrong
 */
export async function sourceOf(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly source: Source; readonly rest: readonly string[] }> {
  const { file, rest } = takeConfig(args);
  return { source: file === null ? ofEnvironment(env) : await ofFile(file), rest };
}

/** Where a database is that must be there already: nothing is made in the place of one that is missing. @throws Refusal */
export function existing({ place }: Source): DatabasePlace {
  if (place === null) throw new Refusal('memory() keeps nothing: there is no database to look at');
  if (place.kind === 'sqlite' && !existsSync(place.path)) throw new Refusal(`there is no database ${place.path}`);
  return place;
}
