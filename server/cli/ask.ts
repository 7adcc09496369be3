import { request as requestByHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestByHttps } from 'node:https';
import { seconds } from '../../machines/index.ts';

/** A request to a public address. */
export interface Asked {
  readonly url: URL;
  readonly method?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back. Nothing is followed, and nothing is decoded. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The address of this machine from which was asked. */
  readonly from: string;
}

const longest = seconds(15);

/** Sends a request on a connection of its own. @returns the answer as it begins; rejects where none comes */
export function send({ url, method = 'GET', headers, body }: Asked, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestByHttps : requestByHttp;
  return new Promise((resolve, reject) => {
    request(url, { method, headers, agent: false, signal }, resolve).on('error', reject).end(body);
  });
}

/** Sends a request and reads the answer. @returns rejects where none comes within 15 s */
export async function ask(asked: Asked): Promise<Answer> {
  const response = await send(asked, AbortSignal.timeout(longest));
  const from = (response.socket.localAddress ?? '').replace(/^::ffff:/, '');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, text, from };
}
