import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Loaded into a server before anything else: on SIGUSR2 it collects garbage and says how much memory is left in use.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
let number = 0;
process.on('SIGUSR2', () => {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  process.stdout.write(`${JSON.stringify({ msg: 'gauge', number: (number += 1), used: heapUsed + external })}\n`);
});
