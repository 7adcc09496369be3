// The same, with more of it.
import './http.test.ts';
