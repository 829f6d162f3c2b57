import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const UTF8_NAMES = 0x0800;
const STORED = 0;
const DEFLATED = 8;
const BYTES_MAX = 64 * 1024 * 1024;

/** A ZIP of one file, the same bytes for the same content. */
export function zipOne(name: string, content: Buffer): Buffer {
  const packed = deflateRawSync(content);
  const nameBytes = Buffer.from(name, 'utf8');
  // version, flags, method, time, date (1980-01-01), crc, sizes, length of name, of extra
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(UTF8_NAMES, 2);
  common.writeUInt16LE(DEFLATED, 4);
  common.writeUInt16LE(0x21, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(nameBytes.length, 22);
  const local = Buffer.concat([uint32(LOCAL), common, nameBytes, packed]);
  const central = Buffer.concat([uint32(CENTRAL), Buffer.from([20, 0]), common, Buffer.alloc(14), nameBytes]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

/** The first file of a ZIP; what is no ZIP is the file itself. Undefined where the archive cannot be read. */
export function unzipOne(content: Buffer): Buffer | undefined {
  if (content.length < 4 || content.readUInt32LE(0) !== LOCAL) return content;
  try {
    // sizes stand in the central directory even where the local header leaves them out
    const end = content.lastIndexOf(uint32(END));
    const central = content.readUInt32LE(end + 16);
    if (end < 0 || content.readUInt32LE(central) !== CENTRAL) return undefined;
    const method = content.readUInt16LE(central + 10);
    const packed = content.readUInt32LE(central + 20);
    const local = content.readUInt32LE(central + 42);
    const start = local + 30 + content.readUInt16LE(local + 26) + content.readUInt16LE(local + 28);
    const bytes = content.subarray(start, start + packed);
    if (method === STORED) return bytes;
    return method === DEFLATED ? inflateRawSync(bytes, { maxOutputLength: BYTES_MAX }) : undefined;
  } catch {
    return undefined;
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
