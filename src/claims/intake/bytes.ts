import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';

const CHUNK_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/** The file in pieces. Each piece is overwritten by the next: copy what you keep. */
export async function* readChunks(path: string): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  const file = await open(path);
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** The first bytes of a file. */
export function readHead(path: string, bytes: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, readSync(file, buffer, 0, bytes, 0));
  } finally {
    closeSync(file);
  }
}

/** Reads bytes one after the other: the structure of a CSV file, for instance. */
export type ByteReader = { push(chunk: Buffer): void };

export type Inspection = {
  /** of the bytes as they are, lower-case hexadecimal */
  readonly sha256: string;
  /** `cut` = UTF-8 whose last character is incomplete */
  readonly utf8: 'valid' | 'cut' | 'invalid';
  readonly hasNul: boolean;
  readonly endsWithNewline: boolean;
};

/** One pass over a file: hash, encoding, and whatever `reader` looks for. `onShare` hears the share read, 0 to 1. */
export async function inspect(
  path: string,
  bytes: number,
  onShare: (share: number) => void,
  reader?: ByteReader,
): Promise<Inspection> {
  const hash = createHash('sha256');
  const encoding = new Utf8Check();
  let hasNul = false;
  let lastByte = -1;
  let read = 0;
  for await (const chunk of readChunks(path)) {
    hash.update(chunk);
    encoding.push(chunk);
    hasNul ||= chunk.includes(0);
    reader?.push(chunk);
    lastByte = chunk[chunk.length - 1]!;
    read += chunk.length;
    onShare(read / bytes);
  }
  return {
    sha256: hash.digest('hex'),
    utf8: encoding.result(),
    hasNul,
    endsWithNewline: lastByte === NEWLINE,
  };
}

/** SHA-256 of a file whose text does not matter. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readChunks(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** UTF-8 validity of a stream of chunks, whose ends may fall inside a character. */
class Utf8Check {
  #valid = true;
  #carry: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    if (!this.#valid) return;
    let start = 0;
    if (this.#carry.length > 0) {
      start = characterBytes(this.#carry[0]!) - this.#carry.length;
      const character = Buffer.concat([this.#carry, chunk.subarray(0, start)]);
      if (chunk.length < start) {
        this.#carry = character;
        return;
      }
      this.#valid = isUtf8(character);
    }
    const end = completeEnd(chunk, start);
    this.#valid &&= isUtf8(chunk.subarray(start, end));
    this.#carry = Buffer.from(chunk.subarray(end));
  }

  result(): Inspection['utf8'] {
    if (!this.#valid) return 'invalid';
    return this.#carry.length === 0 ? 'valid' : 'cut';
  }
}

/** Bytes of the UTF-8 character that starts with `lead`; 1 for a byte that starts none. */
const characterBytes = (lead: number): number =>
  lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? (lead < 0xf0 ? 3 : 1) : lead >= 0xc2 ? 2 : 1;

/** Where the last complete character of a chunk ends. */
function completeEnd(chunk: Buffer, start: number): number {
  for (let back = 1; back <= 3 && chunk.length - back >= start; back++) {
    const byte = chunk[chunk.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    return characterBytes(byte) > back ? chunk.length - back : chunk.length;
  }
  return chunk.length;
}

/** Rewrites GB18030 text as UTF-8. False when the file is not GB18030 either. */
export async function transcodeGb18030(from: string, to: string): Promise<boolean> {
  const decoder = new TextDecoder('gb18030', { fatal: true });
  const target = openSync(to, 'w');
  try {
    for await (const chunk of readChunks(from)) writeSync(target, decoder.decode(chunk, { stream: true }));
    writeSync(target, decoder.decode());
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  } finally {
    closeSync(target);
  }
}

type Encoding = 'utf-8' | 'gb18030';

/** The line, from 1, on which the last of these encodings fails. */
export async function lineOfWrongByte(path: string, encodings: readonly Encoding[]): Promise<number> {
  let furthest = 1;
  for (const encoding of encodings) furthest = Math.max(furthest, await lineNotIn(encoding, path));
  return furthest;
}

async function lineNotIn(encoding: Encoding, path: string): Promise<number> {
  let line = 1;
  let carry: Buffer = Buffer.alloc(0);
  const decodes = (bytes: Buffer): boolean => {
    try {
      new TextDecoder(encoding, { fatal: true }).decode(bytes);
      return true;
    } catch {
      return false;
    }
  };
  for await (const chunk of readChunks(path)) {
    const text = Buffer.concat([carry, chunk]);
    // In neither encoding is the newline byte part of another character, so whole lines decode alone.
    const end = text.lastIndexOf(NEWLINE) + 1;
    if (end === 0 && text.length > 2 * CHUNK_BYTES) return line; // one endless line
    const lines = text.subarray(0, end);
    const whole = decodes(lines);
    for (let start = 0; start < end; line++) {
      const next = lines.indexOf(NEWLINE, start) + 1;
      if (!whole && !decodes(lines.subarray(start, next))) return line;
      start = next;
    }
    carry = Buffer.from(text.subarray(end));
  }
  return line; // the last one, which has no line end
}

/** The line, from 1, of the first NUL byte. */
export async function lineOfNul(path: string): Promise<number> {
  let line = 1;
  for await (const chunk of readChunks(path)) {
    const nul = chunk.indexOf(0);
    const end = nul < 0 ? chunk.length : nul;
    for (let at = chunk.indexOf(NEWLINE); at >= 0 && at < end; at = chunk.indexOf(NEWLINE, at + 1)) line++;
    if (nul >= 0) return line;
  }
  return line;
}
