import { afterAll } from 'vitest';
import { endFile } from './afterFile.ts';

// Runs before every file, and so its hook is one of every file.
afterAll(endFile);
