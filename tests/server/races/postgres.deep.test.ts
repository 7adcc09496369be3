// Counted for the table of soak/counters.ts.
import { races } from './races.ts';

races('postgres');
