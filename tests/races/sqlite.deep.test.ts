// Counted for the table of soak/counters.ts.
import { races } from '../support/server/races/races.ts';

races('sqlite');
