import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { JsonObject } from '#claims/intake/index.ts';
import type { StoreTransaction } from '#engine/postgres/store.ts';
import type { Transactions } from '../dispatcher.ts';
import { timeText } from '../envelope.ts';
import { refuse } from '../fault.ts';

const PART_BYTES = 1024 * 1024;
const DOWNLOAD_DAYS = 30;
/** The institution code under which files for everyone stand, as the specification has it. */
export const PUBLIC_FILES = 'plc';

export type StoredFile = { readonly fileQuryNo: string; readonly downloadUntil: Temporal.Instant };

/** Keeps a file in the store; the same file of the same institution and message always has the same number. */
export async function keepFile(
  db: StoreTransaction,
  file: {
    readonly fixmedinsCode: string;
    readonly filename: string;
    readonly content: Buffer;
    readonly key: string;
  },
  now: Temporal.Instant,
): Promise<StoredFile> {
  const { fixmedinsCode, filename, content, key } = file;
  const sha256 = createHash('sha256').update(content).digest('hex');
  const fileQuryNo = createHash('sha256')
    .update(`${fixmedinsCode} ${key} ${sha256}`)
    .digest('hex')
    .slice(0, 30);
  const downloadUntil = now.add({ hours: 24 * DOWNLOAD_DAYS });
  await sql`INSERT INTO interface_file (file_qury_no, fixmedins_code, filename, sha256, bytes, made_at, download_until)
    VALUES (${fileQuryNo}, ${fixmedinsCode}, ${filename}, ${sha256}, ${content.length}, ${now.toString()},
      ${downloadUntil.toString()})
    ON CONFLICT (file_qury_no) DO UPDATE SET download_until = greatest(interface_file.download_until, EXCLUDED.download_until)`.execute(
    db,
  );
  for (let start = 0; start < content.length; start += PART_BYTES) {
    await sql`INSERT INTO interface_file_part (file_qury_no, part_no, content)
      VALUES (${fileQuryNo}, ${start / PART_BYTES}, ${content.subarray(start, start + PART_BYTES)})
      ON CONFLICT DO NOTHING`.execute(db);
  }
  return { fileQuryNo, downloadUntil };
}

/** The bytes of a kept file, for its institution or of the public ones; undefined when there is none or its time is over. */
export async function readKeptFile(
  db: StoreTransaction,
  fileQuryNo: string,
  fixmedinsCode: string,
  now: Temporal.Instant,
): Promise<{ readonly filename: string; readonly content: Buffer } | undefined> {
  const { rows } = await sql<{ filename: string }>`SELECT filename FROM interface_file
    WHERE file_qury_no = ${fileQuryNo} AND fixmedins_code IN (${fixmedinsCode}, ${PUBLIC_FILES})
      AND download_until > ${now.toString()}`.execute(db);
  const [file] = rows;
  if (file === undefined) return undefined;
  const { rows: parts } = await sql<{ content: Uint8Array }>`SELECT content FROM interface_file_part
    WHERE file_qury_no = ${fileQuryNo} ORDER BY part_no`.execute(db);
  return { filename: file.filename, content: Buffer.concat(parts.map(({ content }) => content)) };
}

/** 9101 and 9102: files beside the messages. Source: interface.md §1.3, §1.7. */
export const fileTransactions: Transactions = {
  '9101': async ({ db, input, header, file, now }) => {
    const { fsUploadIn } = input as { fsUploadIn: JsonObject };
    const owner = String(fsUploadIn.fixmedins_code);
    const place = { node: 'fsUploadIn' };
    if (owner !== header.fixmedins_code) {
      throw refuse('只能上传本机构的文件', 'only files of the own institution may be uploaded', {
        ...place,
        field: 'fixmedins_code',
        value: owner,
      });
    }
    const content = file?.content ?? bytesOf(fsUploadIn.in);
    if (content === undefined || content.length === 0) {
      throw refuse(
        '没有文件数据：以multipart的file部分或Base64给出',
        'no file: send it as the part file, or as Base64',
        {
          ...place,
          field: 'in',
          name: '文件数据',
        },
      );
    }
    const filename = String(fsUploadIn.filename);
    const kept = await keepFile(db, { fixmedinsCode: owner, filename, content, key: header.msgid }, now);
    return {
      file_qury_no: kept.fileQuryNo,
      filename,
      fixmedins_code: owner,
      dld_endtime: timeText(kept.downloadUntil),
    };
  },

  '9102': async ({ db, input, header, now }) => {
    const { fsDownloadIn } = input as { fsDownloadIn: JsonObject };
    const owner = String(fsDownloadIn.fixmedins_code);
    const fileQuryNo = String(fsDownloadIn.file_qury_no);
    const isAllowed = owner === header.fixmedins_code || owner === PUBLIC_FILES;
    const kept = isAllowed ? await readKeptFile(db, fileQuryNo, owner, now) : undefined;
    if (kept === undefined || kept.filename !== String(fsDownloadIn.filename)) {
      throw refuse('没有该文件，或已过下载期限', 'there is no such file, or its time is over', {
        node: 'fsDownloadIn',
        field: 'file_qury_no',
        name: '文件查询号',
        value: fileQuryNo,
      });
    }
    return { download: kept };
  },
};

/** File bytes inside the message: Base64 text, or an array of (signed or unsigned) byte values as Java writes them. */
function bytesOf(value: unknown): Buffer | undefined {
  if (typeof value === 'string' && /^[A-Za-z0-9+/\r\n]+={0,2}\s*$/.test(value))
    return Buffer.from(value, 'base64');
  if (!Array.isArray(value)) return undefined;
  const bytes = value.map(Number);
  return bytes.every((byte) => Number.isInteger(byte) && byte >= -128 && byte < 256)
    ? Buffer.from(bytes.map((byte) => byte & 255))
    : undefined;
}
