// The same, with more of it.
import './driver.test.ts';
