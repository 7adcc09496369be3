// Counted for the table of soak/counters.ts.
import { besideFirst } from '../golden/first/beside.ts';
import { races } from '../support/server/races/races.ts';

races('sqlite', { run: 'the first build beside this one, SQLite', build: besideFirst('sqlite') });
