import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { crc32, createInflateRaw } from 'node:zlib';

/** A part of a zip file. */
type ZipEntry = {
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly headerAt: number;
};

/** The zip file is not one, incomplete or damaged; the message says how, in English. */
export class ZipFault extends Error {}

const STORED = 0;
const DEFLATED = 8;
const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
const END_BYTES = 22;
const COMMENT_BYTES_MAX = 0xffff;
const END_SIGNATURE = Buffer.from('504b0506', 'hex');
const CENTRAL_SIGNATURE = 0x02014b50;
/** In place of a number that stands in the 64-bit fields. */
const SEE_ZIP64 = 0xffff_ffff;
const PIECE_BYTES = 1024 * 1024;

/** Reads a zip file part by part, each as a stream (APPNOTE.TXT 6.3.10; stored and deflated parts). */
export class ZipFile {
  readonly #path: string;
  readonly #entries: ReadonlyMap<string, ZipEntry>;

  private constructor(path: string, entries: ReadonlyMap<string, ZipEntry>) {
    this.#path = path;
    this.#entries = entries;
  }

  /** Throws ZipFault. */
  static async open(path: string, bytes: number): Promise<ZipFile> {
    const file = await open(path);
    try {
      return new ZipFile(path, await readDirectory(file, bytes));
    } finally {
      await file.close();
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The names of all parts, as they stand in the file. */
  names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** The text of a part, piece by piece, checked against its checksum when read to the end. Throws ZipFault. */
  async *text(name: string): AsyncGenerator<string> {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    try {
      for await (const piece of this.bytes(name)) yield decoder.decode(piece, { stream: true });
      yield decoder.decode();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
        throw new ZipFault(`${name} is damaged`, { cause: error });
      }
      throw error;
    }
  }

  /** The bytes of a part, piece by piece, checked as `text` does. Throws ZipFault. */
  async *bytes(name: string): AsyncGenerator<Buffer> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new ZipFault(`no ${name}`);
    if (entry.encrypted) throw new ZipFault(`${name} is encrypted`);
    if (entry.method !== STORED && entry.method !== DEFLATED) {
      throw new ZipFault(`${name} has compression method ${entry.method}`);
    }
    if (entry.compressedBytes === 0) return;
    const start = await this.#dataStart(entry);
    const source = createReadStream(this.#path, {
      start,
      end: start + entry.compressedBytes - 1,
      highWaterMark: PIECE_BYTES,
    });
    const content =
      entry.method === STORED ? source : source.pipe(createInflateRaw({ chunkSize: PIECE_BYTES }));
    if (content !== source) source.on('error', (error) => content.destroy(error));
    let crc = 0;
    try {
      for await (const piece of content as AsyncIterable<Buffer>) {
        crc = crc32(piece, crc);
        yield piece;
      }
    } catch (error) {
      // bad deflate data; anything else is not about the content
      if (((error as NodeJS.ErrnoException).code ?? '').startsWith('Z_')) {
        throw new ZipFault(`${name} is damaged`, { cause: error });
      }
      throw error;
    } finally {
      source.destroy();
      content.destroy();
    }
    if (crc !== entry.crc) throw new ZipFault(`${name} is damaged: wrong checksum`);
  }

  /** All the text of a small part. Throws ZipFault. */
  async wholeText(name: string): Promise<string> {
    let text = '';
    for await (const piece of this.text(name)) text += piece;
    return text;
  }

  async #dataStart(entry: ZipEntry): Promise<number> {
    const file = await open(this.#path);
    try {
      const header = await readAt(file, entry.headerAt, LOCAL_HEADER_BYTES);
      return entry.headerAt + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
    } finally {
      await file.close();
    }
  }
}

async function readDirectory(file: FileHandle, bytes: number): Promise<Map<string, ZipEntry>> {
  const tailBytes = Math.min(bytes, END_BYTES + COMMENT_BYTES_MAX);
  const tail = await readAt(file, bytes - tailBytes, tailBytes);
  const end = tail.lastIndexOf(END_SIGNATURE);
  if (end < 0 || end + END_BYTES > tail.length) throw new ZipFault('the end of the ZIP archive is missing');
  const directoryBytes = tail.readUInt32LE(end + 12);
  // Right before the end record, wherever the archive starts: workbooks are far below the 4 GiB of the 64-bit form.
  const directoryAt = tail.readUInt32LE(end + 16);
  if (directoryAt === SEE_ZIP64 || directoryAt + directoryBytes > bytes) {
    throw new ZipFault('the directory of the ZIP archive is out of place');
  }
  const directory = await readAt(file, directoryAt, directoryBytes);
  const entries = new Map<string, ZipEntry>();
  for (let at = 0; at < directory.length; ) {
    if (at + CENTRAL_HEADER_BYTES > directory.length || directory.readUInt32LE(at) !== CENTRAL_SIGNATURE) {
      throw new ZipFault('the directory of the ZIP archive is damaged');
    }
    const nameBytes = directory.readUInt16LE(at + 28);
    const extraBytes = directory.readUInt16LE(at + 30);
    const commentBytes = directory.readUInt16LE(at + 32);
    const nameAt = at + CENTRAL_HEADER_BYTES;
    const compressedBytes = directory.readUInt32LE(at + 20);
    const headerAt = directory.readUInt32LE(at + 42);
    if (compressedBytes === SEE_ZIP64 || headerAt === SEE_ZIP64) throw new ZipFault('ZIP64 is not supported');
    entries.set(directory.toString('utf8', nameAt, nameAt + nameBytes).replace(/^\//, ''), {
      encrypted: (directory.readUInt16LE(at + 8) & 1) !== 0,
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      compressedBytes,
      headerAt,
    });
    at = nameAt + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead < length) throw new ZipFault('the ZIP archive breaks off');
  return buffer;
}
