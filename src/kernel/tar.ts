import { createReadStream } from 'node:fs';

// POSIX.1-2017 pax interchange format, as far as files and further names of a file need it.

const BLOCK = 512;
const NAME_BYTES = 100;
/** What eleven octal digits hold. */
const SIZE_MAX = 0o77_777_777_777;

export type TarFile = {
  readonly name: string;
  readonly bytes: number;
  /** milliseconds since 1970 */
  readonly modifiedMs: number;
  /** an earlier name of the same content: nothing follows then */
  readonly sameAs?: string;
};

function header(name: string, size: number, modifiedMs: number, type: string, linkName = ''): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, NAME_BYTES, 'utf8');
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${Math.min(size, SIZE_MAX).toString(8).padStart(11, '0')}\0`, 124);
  block.write(
    `${Math.floor(modifiedMs / 1000)
      .toString(8)
      .padStart(11, '0')}\0`,
    136,
  );
  block.write('        ', 148);
  block.write(type, 156);
  block.write(linkName, 157, NAME_BYTES, 'utf8');
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const padding = (bytes: number): Buffer => Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK);

/** A record counts its own length: `27 path=…\n`. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (String(length).length + rest !== length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}

/** The blocks before the content of a file; the content is to be followed by `tarPadding`. */
export function tarHeader({ name, bytes, modifiedMs, sameAs }: TarFile): Buffer {
  const size = sameAs === undefined ? bytes : 0;
  const records = [
    Buffer.byteLength(name) > NAME_BYTES ? paxRecord('path', name) : '',
    sameAs !== undefined && Buffer.byteLength(sameAs) > NAME_BYTES ? paxRecord('linkpath', sameAs) : '',
    size > SIZE_MAX ? paxRecord('size', String(size)) : '',
  ].join('');
  const extended = Buffer.from(records);
  return Buffer.concat([
    ...(records === ''
      ? []
      : [header('PaxHeader', extended.length, modifiedMs, 'x'), extended, padding(extended.length)]),
    header(name, size, modifiedMs, sameAs === undefined ? '0' : '1', sameAs),
  ]);
}
export const tarPadding = padding;
export const tarEnd = (): Buffer => Buffer.alloc(2 * BLOCK);

/** The archive is not one, or ends in its middle; the message says how, in English. */
export class TarFault extends Error {}

/** Reads pieces of an archive as so many bytes as are asked for. */
class Pieces {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** At most `bytes`, at least one. */
  async some(bytes: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#source.next();
      if (done) throw new TarFault('the archive ends too early');
      this.#rest = value;
    }
    const piece = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }

  async all(bytes: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let left = bytes; left > 0; ) {
      const piece = await this.some(left);
      pieces.push(piece);
      left -= piece.length;
    }
    return Buffer.concat(pieces);
  }
}

/** Gives every file of an archive in turn; its content must be read to the end before the next is asked for. */
export async function* readTar(
  source: AsyncIterable<Buffer>,
): AsyncGenerator<TarFile & { readonly content: AsyncGenerator<Buffer> }> {
  const pieces = new Pieces(source);
  let extended = new Map<string, string>();
  for (;;) {
    const block = await pieces.all(BLOCK);
    if (block.every((byte) => byte === 0)) return;
    const text = (from: number, length: number) =>
      block
        .subarray(from, from + length)
        .toString('utf8')
        .split('\0')[0]!;
    if (!text(257, 5).startsWith('ustar')) throw new TarFault('not a tar archive');
    const bytes = Number(extended.get('size') ?? Number.parseInt(text(124, 12).trim() || '0', 8));
    const type = text(156, 1);
    if (type === 'x') {
      extended = new Map(paxRecords((await pieces.all(bytes)).toString('utf8')));
      await pieces.all(padding(bytes).length);
      continue;
    }
    const name = extended.get('path') ?? text(0, NAME_BYTES);
    const sameAs = type === '1' ? (extended.get('linkpath') ?? text(157, NAME_BYTES)) : undefined;
    const modifiedMs = Number.parseInt(text(136, 12).trim() || '0', 8) * 1000;
    extended = new Map();
    const content = contentOf(pieces, sameAs === undefined ? bytes : 0);
    yield { name, bytes, modifiedMs, ...(sameAs === undefined ? {} : { sameAs }), content };
    for await (const _ of content) {
      // what the reader has left
    }
    await pieces.all(padding(bytes).length);
  }
}

async function* contentOf(pieces: Pieces, bytes: number): AsyncGenerator<Buffer> {
  for (let left = bytes; left > 0; ) {
    const piece = await pieces.some(left);
    left -= piece.length;
    yield piece;
  }
}

function* paxRecords(text: string): Generator<[string, string]> {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    const length = Number.parseInt(rest.toString('utf8'), 10);
    if (!(length > 0 && length <= rest.length)) throw new TarFault('damaged pax header');
    const record = rest.subarray(0, length).toString('utf8');
    const at = record.indexOf('=');
    yield [record.slice(record.indexOf(' ') + 1, at), record.slice(at + 1, -1)];
    rest = rest.subarray(length);
  }
}

/** The content of a file on disk, exactly `bytes` of it: a file that grows meanwhile does not damage the archive. */
export async function* fileContent(path: string, bytes: number): AsyncGenerator<Buffer> {
  let read = 0;
  if (bytes > 0) {
    for await (const piece of createReadStream(path, { end: bytes - 1, highWaterMark: 1024 * 1024 })) {
      read += (piece as Buffer).length;
      yield piece as Buffer;
    }
  }
  if (read !== bytes) throw new TarFault(`${path} has become shorter while it was read`);
}
