// The same, with more of it.
import './model.test.ts';
