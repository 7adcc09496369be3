/** An answer of HTTP/1.1, as it came from a socket. */
export interface Answer {
  /** The status line and the headers, as they were sent. */
  readonly head: string;
  readonly body: string;
  /** How many bytes it has in all. */
  readonly size: number;
}

/** The chunks that begin at an offset. @see RFC 9112 §7.1 */
function chunksAt(bytes: Buffer, begin: number): { body: string; end: number } | null {
  let body = '';
  let at = begin;
  for (;;) {
    const line = bytes.indexOf('\r\n', at, 'latin1');
    if (line === -1) return null;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    const end = line + 2 + size + 2;
    if (Number.isNaN(size) || end > bytes.length) return null;
    if (size === 0) return { body, end };
    body += bytes.toString('latin1', line + 2, end - 2);
    at = end;
  }
}

/**
 * Reads the answer that some bytes begin with. It is no client for others: every answer that is measured has a
 * `Content-Length` or chunks without trailers, and a library that takes all answers costs more than the server.
 *
 * @returns the answer, or `null` while there is more to come.
 */
export function answerIn(bytes: Buffer): Answer | null {
  const end = bytes.indexOf('\r\n\r\n', 0, 'latin1');
  if (end === -1) return null;
  const head = bytes.toString('latin1', 0, end);
  const begin = end + 4;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined && /\r\ntransfer-encoding: *chunked/i.test(head)) {
    const chunks = chunksAt(bytes, begin);
    return chunks && { head, body: chunks.body, size: chunks.end };
  }
  const size = begin + Number(length ?? 0);
  return bytes.length < size ? null : { head, body: bytes.toString('latin1', begin, size), size };
}
