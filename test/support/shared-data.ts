import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const folder = join(import.meta.dirname, '..', '..', '..', 'shared', 'data');

/**
 * A test on the real tables beside the project (`../shared/data`), which are not part of it. Without them it is skipped
 * and says so; with CI=true that is a failure.
 */
export function testWithSharedData(name: string, body: (data: string) => Promise<void> | void): void {
  const missing = !existsSync(folder);
  if (missing && process.env.CI === 'true') {
    test(name, () => {
      throw new Error(`CI needs ../shared/data beside the project: ${name}`);
    });
    return;
  }
  test(name, { skip: missing ? '../shared/data is not there: SKIPPED' : false }, () => body(folder));
}
