// The same, with more of it.
import './first.sqlite.test.ts';
