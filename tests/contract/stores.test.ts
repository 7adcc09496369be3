import { describe, expect, test } from 'vitest';
import { sessionsContract, storeContract } from '../../server/contract/index.ts';
import { adapters, stores } from '../support/contract/adapters.ts';

const kit = { describe, expect, test };

describe.each(adapters)('%s', (_, open) => {
  sessionsContract(kit, open);
});

describe.each(stores)('%s', (_, open) => {
  storeContract(kit, open);
});
