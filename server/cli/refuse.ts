/** A command that cannot be carried out as it was given. The message is one line, or how the command is used. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** The program that reads what a command prints may stop reading: then the command has nothing more to do. */
function endWithReader(): void {
  process.stdout.on('error', (error: Error) => {
    if ('code' in error && error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

/**
 * Runs a command. What it throws is refused in one line on standard error.
 *
 * @param command resolves to the exit code
 * @param refused the exit code when it was refused
 */
export async function runCommand(command: () => Promise<number>, refused: 1 | 2 = 2): Promise<void> {
  endWithReader();
  try {
    process.exitCode = await command();
  } catch (error) {
    process.stderr.write(`curfew: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = refused;
  }
}

/** Prints lines on standard output. */
export function print(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
