import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Problem, YibaoError } from '#kernel/errors.ts';

/** A folder of files that lives as long as the test. */
export function folderOf(test: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-policy-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export const DOCUMENTS_YAML = `
notice-1:
  title: {zh: 第一号通知, en: First notice}
  number: 医保〔2020〕1号
  date: 2019-12-01
  status: official
notice-2:
  title: 第二号通知
  status: draft
`;

/** The least a folder of policies holds: the documents, and a national layer that makes the profile known. */
export const POLICY_BASE = {
  'documents.yaml': DOCUMENTS_YAML,
  'national.yaml': 'layer: national\narea: "000000"\nprofile: reference\nvalues: {}\n',
};

/** What an action refuses as `code file:row`, the file without its folder. */
export function refusals(action: () => unknown): string[] {
  return problemsOf(action).map(
    ({ definition, file, row }) => `${definition.code} ${file?.split('/').at(-1) ?? '-'}:${row ?? '-'}`,
  );
}

export function problemsOf(action: () => unknown): readonly Problem[] {
  try {
    action();
  } catch (error) {
    if (error instanceof YibaoError) return error.problems;
    throw error;
  }
  return [];
}
