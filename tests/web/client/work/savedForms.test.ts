import { beforeEach, describe, expect, it } from 'vitest';
import { hours } from '../../../../machines/index.ts';
import type { LoadedForm, StoredField } from '../../../../web/client/forms/forms.types.ts';
import { purge, recordIn, type StoredRecord } from '../../../../web/client/work/records.ts';
import { savedForms } from '../../../../web/client/work/savedForms.ts';
import { createVault, keyRing } from '../../../../web/client/work/vault.ts';
import { memoryRecords, t0, vaultKey } from '../../../support/tab.ts';

const text = (key: string, value: string): StoredField => ({
  key,
  label: key,
  first: { text: '' },
  value: { text: value },
});
const form = (name: string, ...fields: StoredField[]): LoadedForm => ({
  route: '/letters',
  form: name,
  savedAt: t0,
  fields,
});
const withFile = (file: File, id = file.name): StoredField => ({
  ...text('scan', ''),
  value: { files: [{ id, name: file.name, type: file.type, size: file.size, lastModified: file.lastModified }] },
});

let there: ReturnType<typeof memoryRecords>;
let now = t0;
beforeEach(() => {
  there = memoryRecords();
  now = t0;
});

/** A tab of a user on this device. */
async function tabOf(user = 'ada', { key = 1, records = there.records, broken = 0 } = {}) {
  const vault = createVault();
  vault.open(await keyRing(user, { vaultKey: vaultKey(key) }));
  const nameOf = async (name: string) => `form.${user} ${name.replace('\n', ' ')}`;
  const forms = savedForms({ vault, records, nameOf, expiresAt: () => now + hours(36), now: () => now, broken });
  const texts = async () =>
    (await forms.load(now)).forms.flatMap(({ fields }) => fields.map(({ value }) => 'text' in value && value.text));
  return { ...forms, vault, texts };
}

const change = (name: string, to: (record: StoredRecord) => unknown) => {
  const record = there.all.get(name)!;
  // As it would come out of IndexedDB, which looks at nothing.
  const stored = recordIn(to(record));
  if (stored) there.all.set(name, stored);
  else there.all.delete(name);
};

describe('forms on this device', () => {
  it('come back as they were, and nothing of them can be read in the records', async () => {
    const tab = await tabOf();
    expect(await tab.save(form('letter', text('body', 'the key is 4711')))).toBe(true);
    expect(await (await tabOf()).texts()).toEqual(['the key is 4711']);
    const bytes = Buffer.from([...there.all.values()][0]!.envelope.ciphertext).toString('latin1');
    expect(bytes).not.toMatch(/4711|body|letters/);
  });

  it('are deleted with their last field, and what was never there is not written', async () => {
    const tab = await tabOf();
    expect(await tab.save(form('letter'))).toBe(true);
    expect(there.all.size).toBe(0);
    await tab.save(form('letter', text('body', 'a')));
    await tab.save(form('letter'));
    expect(there.all.size).toBe(0);
  });

  it('of another user are not shown, not overwritten, and not deleted', async () => {
    await (await tabOf()).save(form('letter', text('body', 'of Ada')));
    const eve = await tabOf('eve', { key: 2 });
    expect(await eve.load(now)).toEqual({ forms: [], unreadable: 1 });
    await eve.save(form('letter', text('body', 'of Eve')));
    expect(await eve.texts()).toEqual(['of Eve']);
    expect(await (await tabOf()).texts()).toEqual(['of Ada']);
  });

  it.each<[string, (record: StoredRecord) => unknown]>([
    [
      'changed in one bit',
      ({ envelope, ...rest }) => ({
        ...rest,
        envelope: { ...envelope, ciphertext: envelope.ciphertext.map((byte, at) => (at === 3 ? byte ^ 1 : byte)) },
      }),
    ],
    [
      'half written',
      ({ envelope, ...rest }) => ({ ...rest, envelope: { ...envelope, ciphertext: envelope.ciphertext.slice(0, 9) } }),
    ],
    [
      'sealed with a key that is gone',
      ({ envelope, ...rest }) => ({ ...rest, envelope: { ...envelope, keyId: 'another' } }),
    ],
    [
      'of a newer schema of the envelope',
      ({ envelope, ...rest }) => ({ ...rest, envelope: { ...envelope, schema: 9 } }),
    ],
  ])('that are %s are counted as not readable, and stay beside what is written next', async (_, damage) => {
    const tab = await tabOf();
    await tab.save(form('letter', text('body', 'before')));
    const [name = ''] = there.all.keys();
    change(name, damage);
    const damaged = there.all.get(name)!.envelope;
    const again = await tabOf();
    expect(await again.load(now)).toEqual({ forms: [], unreadable: 1 });
    expect(await again.save(form('letter', text('body', 'after')))).toBe(true);
    expect(there.all.get(name)!.other).toEqual(damaged);
    expect(await (await tabOf()).texts()).toEqual(['after']);
    await again.save(form('letter'));
    expect(there.all.get(name)!.envelope).toEqual(damaged);
  });

  it('of a newer version of the library are left as they are', async () => {
    const tab = await tabOf();
    const times = { savedAt: now, expiresAt: now + hours(1) };
    const newer = JSON.stringify({ schema: 2, route: '/letters', form: 'letter', fields: 'in another way' });
    const envelope = (await tab.vault.seal('form.ada /letters letter', newer, times))!;
    const record = { envelope, other: null, revision: 4, base: null, synced: false };
    there.all.set('form.ada /letters letter', record);
    expect(await tab.load(now)).toEqual({ forms: [], unreadable: 1 });
    await tab.save(form('letter', text('body', 'of today')));
    expect(there.all.get('form.ada /letters letter')!.other).toEqual(envelope);
  });

  it.each([
    ['no JSON', 'half of a '],
    ['no object', '7'],
    ['another object', '{"schema":1}'],
    ['fields that are none', '{"schema":1,"route":"/letters","form":"letter","fields":{}}'],
  ])('that hold %s are not readable', async (_, content) => {
    const tab = await tabOf();
    const envelope = (await tab.vault.seal('form.a', content, { savedAt: now, expiresAt: now + 1 }))!;
    there.all.set('form.a', { envelope, other: null, revision: 1, base: null, synced: false });
    expect(await tab.load(now)).toEqual({ forms: [], unreadable: 1 });
  });

  it('of which some fields are damaged keep the others', async () => {
    const tab = await tabOf();
    const fields = [
      text('body', 'whole'),
      { ...text('lost', ''), value: { text: 7 } },
      { ...text('lost', ''), first: null },
      { key: 4 },
      null,
      { ...text('scan', ''), value: { files: [{ id: 'a' }, 9] } },
      {
        ...text('notes', ''),
        value: { nodes: ['fine', ['SCRIPT', null, ['evil()']], ['A', 'javascript:evil()', ['x']], 4, ['P']] },
      },
    ];
    const content = JSON.stringify({ schema: 1, route: '/letters', form: 'letter', fields });
    const envelope = (await tab.vault.seal('form.a', content, { savedAt: now, expiresAt: now + 1 }))!;
    there.all.set('form.a', { envelope, other: null, revision: 1, base: null, synced: false });
    const { forms, unreadable } = await tab.load(now);
    expect(unreadable).toBe(0);
    expect(forms.flatMap((each) => each.fields.map(({ key, value }) => [key, value]))).toEqual([
      ['body', { text: 'whole' }],
      ['scan', { files: [] }],
      ['notes', { nodes: ['fine', 'evil()', ['A', null, ['x']], ['P', null, []]] }],
    ]);
  });

  it('that are no records are counted as not readable', async () => {
    const tab = await tabOf();
    await tab.save(form('letter', text('body', 'before')));
    const records = { ...there.records, get: async () => null };
    expect(await (await tabOf('ada', { records })).load(now)).toEqual({ forms: [], unreadable: 1 });
  });

  it('that were not whole, and are gone, are counted with them, as are drafts', async () => {
    expect(await (await tabOf('ada', { broken: 2 })).load(now)).toEqual({ forms: [], unreadable: 2 });
    const names = async () => ['form.damaged', 'draft.damaged', 'place.damaged', 'file.of a form'];
    expect(await purge({ ...there.records, names }, now)).toBe(2);
  });

  it.each([
    ['a draft that is on this device alone', { synced: false, isOther: false }, 1],
    ['a draft that the server has', { synced: true, isOther: false }, 0],
    ['one beside another', { synced: true, isOther: true }, 1],
  ])('count %s, of a newer version, as %o says', async (_, { synced, isOther }, unreadable) => {
    const tab = await tabOf();
    const times = { savedAt: now, expiresAt: now + hours(1) };
    const envelope = (await tab.vault.seal('draft.a', 'Dear Ines,', times))!;
    const newer = { ...envelope, schema: 9 };
    const record = isOther ? { envelope, other: newer } : { envelope: newer, other: null };
    there.all.set('draft.a', { ...record, revision: 1, base: null, synced });
    expect(await tab.load(now)).toEqual({ forms: [], unreadable });
  });

  it('that go between two reads are none', async () => {
    const tab = await tabOf();
    await tab.save(form('letter', text('body', 'gone')));
    const { get } = there.records;
    const records = { ...there.records, get: async (name: string) => (there.all.clear(), get(name)) };
    expect(await (await tabOf('ada', { records })).load(now)).toEqual({ forms: [], unreadable: 0 });
  });

  it('of two tabs are both kept: the one that writes last has the other beside it, and neither takes the other away', async () => {
    const [one, two] = [await tabOf(), await tabOf()];
    await one.save(form('letter', text('body', 'of one')));
    await two.save(form('letter', text('body', 'of two')));
    expect(await (await tabOf()).texts()).toEqual(['of two', 'of one']);
    await two.save(form('letter'));
    expect(await (await tabOf()).texts()).toEqual(['of one']);
    await one.save(form('letter', text('body', 'of one again')));
    expect(await (await tabOf()).texts()).toEqual(['of one again']);
  });

  it('that the browser refuses to keep are not claimed, and neither are those for which there is no key', async () => {
    const tab = await tabOf();
    there.switches.refuses = true;
    expect(await tab.save(form('letter', text('body', 'nowhere')))).toBe(false);
    there.switches.refuses = false;
    tab.vault.clear();
    expect(await tab.save(form('letter', text('body', 'late')))).toBe(false);
  });

  it('that have expired are purged, as is what is not whole; nothing else is', async () => {
    const tab = await tabOf();
    await tab.save(form('old', text('body', 'old')));
    now += hours(35);
    await tab.save(form('new', text('body', 'new')));
    now += hours(2);
    const names = async () => [...(await there.records.names()), 'form.damaged'];
    const deleted: string[] = [];
    const records = {
      ...there.records,
      names,
      put: async (name: string, record: StoredRecord | null, seen: number | null) => {
        if (record === null) deleted.push(name);
        return there.records.put(name, record, seen);
      },
    };
    expect(await purge(records, now)).toBe(1);
    expect(deleted).toEqual(['form.ada /letters old', 'form.damaged']);
    expect(await tab.texts()).toEqual(['new']);
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'record'],
    ['no envelope', { revision: 1 }],
    ['an envelope without bytes', { revision: 1, envelope: { keyId: 'a', savedAt: 1, expiresAt: 2 } }],
    [
      'no revision',
      { envelope: { keyId: 'a', savedAt: 1, expiresAt: 2, iv: new Uint8Array(), ciphertext: new Uint8Array() } },
    ],
  ])('are whole or not: %s is not', (_, stored) => expect(recordIn(stored)).toBeNull());
});

describe('files', () => {
  const megabytes = (count: number, name: string) =>
    new File([new Uint8Array(count * 1e6)], name, { type: 'video/mp4' });

  it('come back byte by byte, and nothing of them can be read in the records', async () => {
    const tab = await tabOf();
    const file = new File(['the key is 4711'], 'key.txt', { type: 'text/plain' });
    expect(await tab.saveFile('one', file)).toBeNull();
    await tab.save(form('letter', withFile(file, 'one')));
    const again = await tabOf();
    await again.load(now);
    expect(Buffer.from((await again.readFile('one'))!).toString()).toBe('the key is 4711');
    const all = [...there.all].map(
      ([name, { envelope }]) => name + Buffer.from(envelope.ciphertext).toString('latin1'),
    );
    expect(all.join()).not.toMatch(/4711|key\.txt/);
  });

  it('of more than 10 MB are refused, and so is what makes more than 50 MB of one user', async () => {
    const tab = await tabOf();
    expect(await tab.saveFile('large', new File([new Uint8Array(10_000_001)], 'large'))).toBe('too-large');
    for (const each of [1, 2, 3, 4, 5]) expect(await tab.saveFile(`file-${each}`, megabytes(10, `${each}`))).toBeNull();
    expect(await tab.saveFile('one more', new File(['.'], 'one more'))).toBe('no-room');
    // What is kept already is not counted twice.
    expect(await tab.saveFile('file-3', megabytes(10, '3'))).toBeNull();
  });

  it('go with the field they are of, and are never there for another user', async () => {
    const tab = await tabOf();
    const file = new File(['bytes'], 'a.txt');
    await tab.saveFile('a', file);
    await tab.save(form('letter', withFile(file, 'a')));
    const eve = await tabOf('eve', { key: 2 });
    expect(await eve.readFile('a')).toBeNull();
    await tab.save(form('letter', text('body', 'without it')));
    expect([...there.all.keys()].filter((name) => name.startsWith('file.'))).toEqual([]);
    expect(await tab.readFile('a')).toBeNull();
  });

  it('that no form speaks of go when they have expired, and not before', async () => {
    const tab = await tabOf();
    await tab.saveFile('orphan', new File(['bytes'], 'a.txt'));
    await tab.load(now + hours(35));
    expect(there.all.size).toBe(1);
    await tab.load(now + hours(37));
    expect(there.all.size).toBe(0);
  });

  it('that are changed on the disk, or refused by the browser, are said not to be kept', async () => {
    const tab = await tabOf();
    const gone = new File(['bytes'], 'gone.txt');
    Object.assign(gone, { arrayBuffer: () => Promise.reject(new DOMException('changed', 'NotReadableError')) });
    expect(await tab.saveFile('gone', gone)).toBe('refused');
    there.switches.refuses = true;
    expect(await tab.saveFile('full', new File(['bytes'], 'full.txt'))).toBe('refused');
  });

  it('of which the bytes are damaged are not there', async () => {
    const tab = await tabOf();
    await tab.saveFile('a', new File(['bytes'], 'a.txt'));
    const [name = ''] = there.all.keys();
    change(name, ({ envelope, ...rest }) => ({
      ...rest,
      envelope: { ...envelope, ciphertext: envelope.ciphertext.slice(1) },
    }));
    expect(await tab.readFile('a')).toBeNull();
  });
});
