import { describe, expect, test } from 'vitest';
import { given } from '../../server/contract/given.ts';
import { begun } from '../../server/contract/history.ts';
import { audited } from '../support/contract/adapters.ts';

describe.each(audited)('the auditReader in %s', (_, open) => {
  test.each([
    ['sessions', { session: null }],
    ['devices', { device: null }],
  ])('still has what is left when rows of %s are gone', async (table, rest) => {
    const { log, auditReader, lose } = await open();
    await given(log, begun('a'));
    await lose(table);
    expect(await auditReader.streams('', 10)).toEqual([expect.objectContaining({ id: 'a', ...rest })]);
    await lose('events');
    expect(await auditReader.streams('', 10)).toHaveLength(1);
  });
});
