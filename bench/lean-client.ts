/**
 * A client of the hospital interface that takes as little of the processor as it can: what is measured is the service. One connection,
 * one message at a time, HTTP/1.1 with a known length; the body is made beforehand.
 */
import { connect, type Socket } from 'node:net';
import { CALL_PATH } from '../test/support/hospital-service.ts';

export type LeanClient = {
  /** Sends the JSON of a message and gives the JSON of its answer. */
  readonly send: (body: Buffer) => Promise<string>;
  readonly close: () => void;
};

const HEAD_ENDS = '\r\n\r\n';

export function openLeanClient(port: number): LeanClient {
  let socket: Socket | undefined;
  let received: Buffer = Buffer.alloc(0);
  let waiting:
    | { readonly resolve: (text: string) => void; readonly reject: (error: Error) => void }
    | undefined;
  const fail = (error: Error) => {
    waiting?.reject(error);
    waiting = undefined;
  };
  const take = (piece: Buffer) => {
    received = received.length === 0 ? piece : Buffer.concat([received, piece]);
    const end = received.indexOf(HEAD_ENDS);
    if (end < 0) return;
    const head = received.toString('latin1', 0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    if (!head.startsWith('HTTP/1.1 200') || !Number.isInteger(length)) {
      fail(new Error(head));
      return;
    }
    const from = end + HEAD_ENDS.length;
    if (received.length < from + length) return;
    const text = received.toString('utf8', from, from + length);
    received = received.subarray(from + length);
    const { resolve } = waiting!;
    waiting = undefined;
    resolve(text);
  };
  /** A connection; another one when the service has closed the last while nothing was sent. */
  const connected = (): Socket => {
    if (socket !== undefined) return socket;
    const made = connect({ port, host: '127.0.0.1', noDelay: true });
    made.on('error', fail);
    made.on('close', () => {
      if (socket === made) socket = undefined;
      fail(new Error('the service closed the connection'));
    });
    made.on('data', take);
    received = Buffer.alloc(0);
    socket = made;
    return made;
  };
  return {
    send: (body) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        const to = connected();
        to.cork();
        to.write(
          `POST ${CALL_PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
        );
        to.write(body);
        to.uncork();
      }),
    close: () => socket?.destroy(),
  };
}
