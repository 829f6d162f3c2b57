import type { Text } from '#kernel/locale.ts';

const REASONS: Readonly<Record<string, Text>> = {
  EACCES: { zh: '没有权限', en: 'permission denied' },
  EPERM: { zh: '没有权限', en: 'permission denied' },
  EROFS: { zh: '磁盘是只读的', en: 'the disk is read-only' },
  ENOSPC: { zh: '磁盘空间不足', en: 'no space left on the disk' },
  EDQUOT: { zh: '超出磁盘配额', en: 'the disk quota is used up' },
  ENOENT: { zh: '找不到', en: 'it does not exist' },
  ELOOP: { zh: '链接指回自己', en: 'links that lead back to themselves' },
  ENOTDIR: { zh: '上级路径是一个文件，不是文件夹', en: 'a part of the path is a file, not a folder' },
  EISDIR: { zh: '是一个文件夹，不是文件', en: 'it is a folder, not a file' },
  EEXIST: { zh: '同名文件已存在', en: 'something of that name exists' },
  ENAMETOOLONG: { zh: '名称太长', en: 'the name is too long' },
  EBUSY: { zh: '正被其他程序占用', en: 'another program holds it' },
  EMFILE: { zh: '打开的文件太多', en: 'too many open files' },
  ENOMEM: { zh: '内存不足', en: 'not enough memory' },
  EIO: { zh: '磁盘读写出错', en: 'the disk failed' },
};

/** What the operating system refused, in words; undefined for an error that is not its. */
export function systemReason(error: unknown): Text | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code === undefined ? undefined : REASONS[code];
}
