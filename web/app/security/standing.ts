import { phaseOf } from '../../../machines/index.ts';
import type { SessionSummary } from '../shapes.ts';

/** Whether the user is signed in there, or can go on with the password alone. */
export const isOpen = ({ leaf }: Pick<SessionSummary, 'leaf'>): boolean => phaseOf(leaf) !== 'ended';
