import { minutes } from '../../../machines/index.ts';
import type { Timer } from './timer.ts';

/** How long a browser may take to begin. */
const forgottenAfter = minutes(1);

/** Has the browser save a file under its name, as a link to it does. */
export function saveFile(file: File, timer: Timer): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  timer(() => URL.revokeObjectURL(link.href), forgottenAfter);
}
