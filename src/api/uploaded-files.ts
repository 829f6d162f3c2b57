import { YibaoError } from '#kernel/errors.ts';
import type { UploadedFile } from '#workflow/index.ts';
import { apiErrors } from './errors.ts';
import type { Context } from './route.ts';

/** The files of a request as they come. What is wrong with the request itself is told as such. */
export async function* filesOf(request: Context['request']): AsyncGenerator<UploadedFile> {
  const unreadable = (reason: string, cause?: unknown) =>
    new YibaoError({ definition: apiErrors.unreadableRequest, parameters: { reason } }, { cause });
  if (!request.isMultipart()) throw unreadable('multipart/form-data');
  const parts = request.files();
  for (;;) {
    let next: Awaited<ReturnType<typeof parts.next>>;
    try {
      next = await parts.next();
    } catch (error) {
      throw unreadable((error as Error).message, error);
    }
    if (next.done) return;
    yield { name: next.value.filename, content: next.value.file };
    if (next.value.file.truncated) throw unreadable(`${next.value.filename}: too large`);
  }
}
