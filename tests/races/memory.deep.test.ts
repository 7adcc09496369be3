// The same, with more of it.
import './memory.test.ts';
