// The same, with more of it.
import './tab.test.ts';
