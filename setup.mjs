// Runs before anything is installed, so: plain JavaScript, Node 20, no dependencies.
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const at = (...parts) => join(root, ...parts);
const marker = at('node_modules', '.curfew-installed');
const lock = at('.setup', 'lock');
const children = new Set();

const read = (path) => {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};

function run(command, args, more = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, PATH: `${at('node_modules', '.bin')}${delimiter}${process.env.PATH}`, ...more },
    });
    children.add(child);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      children.delete(child);
      if (code === 0) resolve();
      else reject(new Error(`\`${command} ${args.join(' ')}\` failed (${signal ?? `exit code ${code}`})`));
    });
  });
}

// Install

const wantedInstall = () =>
  createHash('sha256')
    .update(`${process.platform} ${process.arch}\n`)
    .update(fs.readFileSync(at('package.json')))
    .update(read(at('package-lock.json')) ?? '')
    .digest('hex');

const isInstalled = () => read(marker) === wantedInstall() && fs.existsSync(at('node_modules', '.bin', 'node'));

async function install() {
  if (isInstalled()) return;
  console.log('Installing what Curfew needs …');
  fs.rmSync(marker, { force: true });
  await run('npm', ['install', '--no-audit', '--no-fund', '--include=dev', '--loglevel=error']);
  const node24 = "process.exit(Number(process.versions.node.split('.')[0]) >= 24 ? 0 : 1)";
  try {
    await run(at('node_modules', '.bin', 'node'), ['-e', node24]);
  } catch {
    throw new Error(
      'Node 24 was not installed: npm has to be allowed to run the install script of the package `node`. ' +
        'Remove `ignore-scripts` from your npm configuration, delete node_modules and try again.',
    );
  }
  fs.writeFileSync(marker, wantedInstall());
}

// Build

const isSource = (entry) => entry.isFile() && !/(\.md|\.tsbuildinfo|~|\.swp)$/.test(entry.name);

function filesIn(folder) {
  return fs
    .readdirSync(at(folder), { withFileTypes: true, recursive: true })
    .filter(isSource)
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .toSorted();
}

/** The server's sources are no input: the browser imports only types from it. */
function wantedBuild() {
  const hash = createHash('sha256');
  const files = ['package.json', 'package-lock.json', 'vite.config.ts', 'tsconfig.base.json'];
  for (const file of [...files, ...filesIn('machines'), ...filesIn('web')]) {
    hash.update(`${file}\0`).update(read(at(file)) ?? '');
    hash.update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

const currentApp = () => {
  try {
    return fs.readlinkSync(at('dist', 'app'));
  } catch {
    return undefined;
  }
};

const isAppBuilt = () =>
  currentApp() === join('builds', wantedBuild()) && fs.existsSync(at('dist', 'app', 'index.html'));

async function buildApp() {
  if (isAppBuilt()) return;
  const name = wantedBuild();
  const target = at('dist', 'builds', name);
  if (!fs.existsSync(join(target, 'index.html'))) {
    console.log('Building the application …');
    const unfinished = at('dist', 'builds', `.unfinished-${randomUUID()}`);
    // Whoever builds from a test runner would build for testing.
    const building = { NODE_ENV: 'production' };
    await run('vite', ['build', '--outDir', unfinished, '--emptyOutDir', '--logLevel', 'warn'], building);
    fs.rmSync(target, { recursive: true, force: true });
    fs.renameSync(unfinished, target);
  }
  fs.utimesSync(target, new Date(), new Date());
  const link = at('dist', `.app-${randomUUID()}`);
  fs.symlinkSync(join('builds', name), link);
  if (currentApp() === undefined) fs.rmSync(at('dist', 'app'), { recursive: true, force: true });
  fs.renameSync(link, at('dist', 'app'));
  forgetOldBuilds();
}

/** A server that is still running may serve an older build, so the newest few and everything of the last week stay. */
function forgetOldBuilds() {
  const week = 7 * 24 * 60 * 60 * 1000;
  fs.readdirSync(at('dist', 'builds'))
    .map((name) => ({ name, path: at('dist', 'builds', name) }))
    .map((build) => ({ ...build, age: Date.now() - fs.statSync(build.path).mtimeMs }))
    .toSorted((a, b) => a.age - b.age)
    .filter(({ name, age }, index) => name.startsWith('.unfinished-') || (index >= 5 && age > week))
    .forEach(({ path }) => fs.rmSync(path, { recursive: true, force: true }));
}

/** What `npm pack` takes along: the compiled rooms and the style sheet. */
async function buildPackage() {
  for (const room of ['machines', 'server', 'web']) removeOrphans(room);
  await run('tsc', ['-b', 'machines', 'server', 'web']);
  fs.cpSync(at('web', 'styles'), at('dist', 'web', 'styles'), { recursive: true });
}

const isFile = (path) => fs.statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** Whether a source has a project of its own within the room, such as an application: it is not compiled with the room. */
function isApart(room, path) {
  const folder = dirname(path);
  return folder !== at(room) && (isFile(join(folder, 'tsconfig.json')) || isApart(room, folder));
}

/** `tsc -b` leaves behind what it once compiled from a source that is gone, or that has a project of its own since. */
function removeOrphans(room) {
  if (!fs.existsSync(at('dist', room))) return;
  for (const output of filesIn(join('dist', room))) {
    const source = at(relative('dist', output)).replace(/(\.d\.ts|\.js)$/, '');
    const isKept = !isApart(room, source) && ['.ts', '.tsx', ''].some((extension) => isFile(source + extension));
    if (!isKept) fs.rmSync(at(output));
  }
}

// Lock

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

const ownerOfLock = () => {
  const text = read(join(lock, 'owner'));
  if (text === undefined) return undefined;
  const [pid, token, beat] = text.split(' ');
  return { pid: Number(pid), token, beat };
};

/** The owner's name is inside before the lock appears, so a lock without an owner does not exist. */
function takeLock(token) {
  const mine = at('.setup', `new-${token}`);
  fs.mkdirSync(mine, { recursive: true });
  fs.writeFileSync(join(mine, 'owner'), `${process.pid} ${token} 0`);
  try {
    fs.renameSync(mine, lock);
    forgetDeadOwners();
    return true;
  } catch (error) {
    fs.rmSync(mine, { recursive: true, force: true });
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Moves a dead owner's lock aside under that owner's name. The name can be used once only, so a slow rival who saw the
 * same dead owner cannot move away the lock of whoever came next.
 */
function evict(owner) {
  try {
    fs.renameSync(lock, at('.setup', `dead-${owner.token}`));
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
  }
}

function forgetDeadOwners() {
  const hour = 60 * 60 * 1000;
  for (const name of fs.readdirSync(at('.setup'))) {
    const path = at('.setup', name);
    const isOld = name !== 'lock' && (fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < Date.now() - hour;
    if (isOld) fs.rmSync(path, { recursive: true, force: true });
  }
}

async function underLock(work) {
  const token = randomUUID();
  let seen = { token: '', beat: '', times: 0 };
  while (!takeLock(token)) {
    const owner = ownerOfLock();
    if (owner === undefined) continue;
    const same = owner.token === seen.token && owner.beat === seen.beat;
    if (owner.token !== seen.token) console.log(`Waiting for another set-up (process ${owner.pid}) …`);
    // Counted in looks, not by the clock: after a suspend both sides wake at once. The count catches a reused pid.
    seen = { token: owner.token, beat: owner.beat, times: same ? seen.times + 1 : 0 };
    if (!isAlive(owner.pid) || owner.pid === process.pid || seen.times > 300) evict(owner);
    else await pause(200);
  }
  let beats = 0;
  const beating = setInterval(() => {
    const next = at('.setup', `beat-${token}`);
    fs.writeFileSync(next, `${process.pid} ${token} ${(beats += 1)}`);
    fs.renameSync(next, join(lock, 'owner'));
  }, 2000);
  try {
    await work();
  } finally {
    clearInterval(beating);
    fs.renameSync(lock, at('.setup', `done-${token}`));
    fs.rmSync(at('.setup', `done-${token}`), { recursive: true, force: true });
  }
}

// Main

const parent = process.ppid;
const stop = () => {
  for (const child of children) child.kill('SIGTERM');
  process.exit(143);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
// `npm` hands SIGTERM to the shell between us, which dies without telling; a set-up nobody waits for stops too.
setInterval(() => process.ppid !== parent && stop(), 500).unref();

const steps = {
  app: { isDone: () => isInstalled() && isAppBuilt(), work: buildApp },
  package: { isDone: () => false, work: buildPackage },
};

try {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !Object.hasOwn(steps, name));
  if (unknown !== undefined) throw new Error(`Unknown step ${unknown}; there are: ${Object.keys(steps).join(', ')}`);
  const isReady = isInstalled() && names.every((name) => steps[name].isDone());
  if (!isReady) {
    await underLock(async () => {
      await install();
      for (const name of names) await steps[name].work();
    });
  }
} catch (error) {
  console.error(`Set-up failed: ${error.message}`);
  process.exitCode = 1;
}
