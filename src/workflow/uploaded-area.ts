import { createWriteStream, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { YibaoError } from '#kernel/errors.ts';
import { ZipFault, ZipFile } from '#kernel/zip.ts';
import { workflowErrors } from './errors.ts';

/** A file as it comes in: its name may have folders, parted by `/`. */
export type UploadedFile = { readonly name: string; readonly content: Readable };

const UNPACKED_BYTES_MAX = 20 * 2 ** 30;
const FILES_MAX = 2_000;

/**
 * Takes in the files of an area folder, one by one or as a zip file, and puts them into a folder: whole, or not at all.
 * @throws YibaoError workflow.upload-*
 */
export async function receiveArea(files: AsyncIterable<UploadedFile>, folder: string): Promise<number> {
  const partial = `${folder}.partial`;
  const packed = `${folder}.partial.zip`;
  mkdirSync(partial, { recursive: true });
  try {
    let count = 0;
    for await (const { name, content } of files) {
      if (/\.zip$/i.test(name)) {
        await pipeline(content, createWriteStream(packed));
        count += await unpack(packed, partial, name);
      } else {
        await write(partial, name, content);
        count++;
      }
      if (count > FILES_MAX) throw refused(workflowErrors.uploadTooLarge, name);
    }
    if (count === 0) throw refused(workflowErrors.uploadEmpty, '');
    renameSync(areaFolderIn(partial), folder);
    return count;
  } finally {
    rmSync(partial, { recursive: true, force: true });
    rmSync(packed, { force: true });
  }
}

/** People pack the folder as often as what is in it: then everything lies in one folder more. */
function areaFolderIn(folder: string): string {
  const entries = readdirSync(folder, { withFileTypes: true });
  const [only] = entries;
  return entries.length === 1 && only!.isDirectory() && only!.name !== 'settlement_lists'
    ? join(folder, only!.name)
    : folder;
}

async function unpack(packed: string, folder: string, name: string): Promise<number> {
  let [files, bytes] = [0, 0];
  try {
    const zip = await ZipFile.open(packed, statSync(packed).size);
    for (const part of zip.names()) {
      // what file managers add
      if (part.endsWith('/') || part.startsWith('__MACOSX/')) continue;
      if (++files > FILES_MAX) throw refused(workflowErrors.uploadTooLarge, name);
      await write(folder, part, limited(zip.bytes(part)));
    }
    return files;
  } catch (error) {
    if (error instanceof ZipFault) throw refused(workflowErrors.uploadDamaged, name, error);
    throw error;
  }

  async function* limited(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of content) {
      bytes += piece.length;
      if (bytes > UNPACKED_BYTES_MAX) throw refused(workflowErrors.uploadTooLarge, name);
      yield piece;
    }
  }
}

/** Nothing outside the folder can be named, and no name twice. */
async function write(folder: string, name: string, content: AsyncIterable<Buffer>): Promise<void> {
  const parts = name.split('/');
  const isOutside = parts.some(
    (part) => part === '' || part === '.' || part === '..' || /[\\:\0]/.test(part) || part.length > 200,
  );
  if (isOutside || parts.length > 8) throw refused(workflowErrors.uploadName, name);
  const target = join(folder, ...parts);
  mkdirSync(dirname(target), { recursive: true });
  try {
    await pipeline(content, createWriteStream(target, { flags: 'wx' }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw refused(workflowErrors.uploadName, name);
    throw error;
  }
}

const refused = (
  definition: (typeof workflowErrors)[keyof typeof workflowErrors],
  value: string,
  cause?: unknown,
): YibaoError => new YibaoError({ definition, field: 'file', value }, { cause });
