/** An option that cannot be used as it was given. The message is one line that names the option; it shows no secret. */
export class InvalidOption extends Error {
  override readonly name = 'InvalidOption';
  /** The name of the option, such as `secret`. */
  readonly option: string;

  constructor(option: string, line: string, cause?: unknown) {
    super(`createCurfew: ${line}`, { cause });
    this.option = option;
  }
}
