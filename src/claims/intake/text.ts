import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';
import { type ByteReader, inspect, lineOfNul, lineOfWrongByte, transcodeGb18030 } from './bytes.ts';
import { INTAKE_ERRORS, refuseFile } from './errors.ts';
import type { ListFile } from './file.ts';

export const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const NEWLINE = 0x0a;

/**
 * The beginning of a text file, decoded. `provenUtf8`: a BOM, or a first line with Chinese in valid UTF-8, shows that
 * bytes further down that are not UTF-8 are damage and not GB18030.
 * Throws YibaoError `intake.utf-16`, or `intake.wrong-encoding` for a first line in no known encoding.
 */
export function decodeHead(
  file: ListFile,
  head: Buffer,
): { readonly text: string; readonly byteOrderMark: boolean; readonly provenUtf8: boolean } {
  const isUtf16 = head.length >= 2 && ['fffe', 'feff'].includes(head.toString('hex', 0, 2));
  if (isUtf16) refuseFile(INTAKE_ERRORS.utf16, file.fileName, { row: 1 });
  const newline = head.indexOf(NEWLINE);
  const firstLine = newline < 0 ? head : head.subarray(0, newline);
  if (firstLine.includes(0)) refuseFile(INTAKE_ERRORS.utf16, file.fileName, { row: 1 });
  const byteOrderMark = head.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  if (byteOrderMark || isUtf8(firstLine)) {
    return {
      text: new TextDecoder('utf-8').decode(head),
      byteOrderMark,
      provenUtf8: byteOrderMark || firstLine.some((byte) => byte > 0x7f),
    };
  }
  try {
    new TextDecoder('gb18030', { fatal: true }).decode(firstLine, { stream: true });
  } catch (error) {
    refuseFile(INTAKE_ERRORS.wrongEncoding, file.fileName, { row: 1 }, error);
  }
  return { text: new TextDecoder('gb18030').decode(head), byteOrderMark, provenUtf8: false };
}

/**
 * A text file as UTF-8: the file itself, or a temporary copy when it is GB18030.
 * `reader` sees the original bytes. Throws YibaoError `intake.wrong-encoding`, `.utf-16` or `.truncated`.
 */
export async function openText(
  engine: Engine,
  file: ListFile,
  options: { readonly reader?: ByteReader; readonly provenUtf8: boolean },
): Promise<{ readonly path: string; readonly sha256: string; readonly endsWithNewline: boolean }> {
  const { sha256, utf8, hasNul, endsWithNewline } = await inspect(
    file.path,
    file.bytes,
    file.onShare,
    options.reader,
  );
  if (hasNul) refuseFile(INTAKE_ERRORS.utf16, file.fileName, { row: await lineOfNul(file.path) });
  if (utf8 === 'valid') return { path: file.path, sha256, endsWithNewline };
  if (utf8 === 'cut') {
    refuseFile(INTAKE_ERRORS.truncated, file.fileName, { row: await lineOfWrongByte(file.path, ['utf-8']) });
  }
  const copy = join(engine.workFolder, `${file.key}-utf8.txt`);
  const encodings = options.provenUtf8 ? (['utf-8'] as const) : (['utf-8', 'gb18030'] as const);
  if (options.provenUtf8 || !(await transcodeGb18030(file.path, copy))) {
    const row = await lineOfWrongByte(file.path, encodings);
    refuseFile(INTAKE_ERRORS.wrongEncoding, file.fileName, { row });
  }
  return { path: copy, sha256, endsWithNewline };
}
