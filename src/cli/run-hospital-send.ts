import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type ListMessage, openListMessages } from '#claims/quality/index.ts';
import type { HospitalSendOptions } from '#cli/hospital.ts';
import { csvText, writeTextFile } from '#cli/write-file.ts';
import { Engine } from '#engine/duckdb.ts';
import {
  type ClientKeys,
  interfaceErrors,
  type ListResult,
  sendLists,
  Unreachable,
} from '#interface/index.ts';
import { renderProblem, YibaoError } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import { createProgress } from '#kernel/progress.ts';

/** Uploads a folder of lists; goes on where an earlier run of the same command stopped. */
export async function runHospitalSend(
  folder: string,
  options: HospitalSendOptions,
  language: Language,
): Promise<void> {
  const zh = language === 'zh';
  const keys = keysOf(options);
  const journal = openJournal(options);
  const progress = createProgress();
  const engine = await Engine.open();
  const started = performance.now();
  const earlier = journal.results.size;
  let failure: Unreachable | undefined;
  try {
    progress.stage(zh ? '读取清单' : 'reading the lists', 0);
    const opened = await openListMessages(engine, folder, { skipBadFiles: options.skipBadFiles, progress });
    for (const problem of opened.skipped) {
      process.stderr.write(
        `${zh ? '注意：已跳过 ' : 'Note: left out '}${renderProblem(problem, language)}\n`,
      );
    }
    progress.stage(zh ? '发送' : 'sending', 0);
    let seen = 0;
    const wanted = async function* (): AsyncGenerator<readonly ListMessage[]> {
      for await (const some of opened.messages()) {
        yield some
          .filter(({ fixmedinsCode }) => isOf(fixmedinsCode, options.institution))
          .map((list) => ({ ...list, fixmedinsCode: list.fixmedinsCode || (options.institution ?? '') }))
          .filter((list) => {
            seen += 1;
            return !journal.results.has(keyOf(list));
          });
      }
    };
    try {
      await sendLists(wanted(), { ...options, rate: options.rate, keys }, (result) => {
        journal.add(result);
        progress.update(journal.results.size / opened.lists, `${journal.results.size}`);
      });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      failure = error;
    }
    if (seen === 0 && failure === undefined) {
      const value = options.institution ?? '';
      throw new YibaoError({ definition: interfaceErrors.nothingToSend, file: folder, value });
    }
  } finally {
    progress.done();
    engine.close();
    journal.close();
  }
  const results = [...journal.results.values()];
  const resultsFile = join(options.out, 'results.csv');
  writeTextFile(resultsFile, resultsCsv(results));
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(`${summary(results, earlier, seconds, resultsFile, zh)}\n`);
  if (failure !== undefined) {
    const parameters = { reason: failure.message, done: results.length, journal: journal.file };
    throw new YibaoError({ definition: interfaceErrors.unreachable, parameters });
  }
}

const isOf = (code: string, institution: string | undefined): boolean =>
  institution === undefined || code === '' || code === institution;
const keyOf = ({
  fixmedinsCode,
  setlId,
  file,
  row,
}: Pick<ListResult, 'fixmedinsCode' | 'setlId' | 'file' | 'row'>) =>
  `${fixmedinsCode} ${setlId} ${file} ${row}`;

/** @throws YibaoError when the dialect needs keys that were not given */
function keysOf(options: HospitalSendOptions): ClientKeys {
  const { dialect, key: accessKey = '' } = options;
  const secret = options.secret ?? process.env.YIBAO_HOSPITAL_SECRET ?? '';
  const privateKey = options.privateKey ?? process.env.YIBAO_HOSPITAL_PRIVATE_KEY ?? '';
  const missing = [
    dialect !== 'plain' && accessKey === '' ? '--key' : '',
    dialect !== 'plain' && secret === '' ? '--secret' : '',
    dialect === 'sealed' && privateKey === '' ? '--private-key' : '',
  ].filter((name) => name !== '');
  if (missing.length === 0) return { dialect, accessKey, secret, privateKey };
  const parameters = { name: missing.join('、') };
  throw new YibaoError({ definition: interfaceErrors.keysMissing, value: dialect, parameters });
}

type Journal = {
  readonly file: string;
  readonly results: Map<string, ListResult>;
  readonly add: (result: ListResult) => void;
  readonly close: () => void;
};

/**
 * What earlier runs decided, one line each after a first line that says where to. A last line that was cut off by a crash is
 * dropped: the service answers that list again.
 */
function openJournal({ out, url, submit }: HospitalSendOptions): Journal {
  mkdirSync(out, { recursive: true });
  const file = join(out, 'journal.jsonl');
  const target = JSON.stringify({ url, submit });
  const results = new Map<string, ListResult>();
  if (existsSync(file)) {
    const [first = '', ...lines] = readFileSync(file, 'utf8').split('\n');
    if (first !== target && first !== '') {
      throw new YibaoError({ definition: interfaceErrors.otherJournal, file, value: first });
    }
    lines.pop();
    for (const line of lines) {
      const result = JSON.parse(line) as ListResult;
      // what was refused is tried again: it may have been corrected
      if (result.outcome === 'refused') results.delete(keyOf(result));
      else results.set(keyOf(result), result);
    }
    writeFileSync(file, [target, ...lines, ''].join('\n'));
  } else writeFileSync(file, `${target}\n`);
  const descriptor = openSync(file, 'a');
  return {
    file,
    results,
    add: (result) => {
      appendFileSync(descriptor, `${JSON.stringify(result)}\n`);
      results.set(keyOf(result), result);
    },
    close: () => closeSync(descriptor),
  };
}

const COLUMNS = [
  'file',
  'row',
  'fixmedinsCode',
  'setlId',
  'outcome',
  'setlListId',
  'reason',
  'milliseconds',
] as const;
const HEADER = [
  'file',
  'row',
  'fixmedins_code',
  'setl_id',
  'outcome',
  'setl_list_id',
  'reason',
  'milliseconds',
];

function resultsCsv(results: readonly ListResult[]): string {
  const ordered = results.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.row - b.row));
  return csvText([HEADER, ...ordered.map((result) => COLUMNS.map((column) => String(result[column])))]);
}

const REASONS_SHOWN = 10;

function summary(
  results: readonly ListResult[],
  earlier: number,
  seconds: number,
  resultsFile: string,
  zh: boolean,
): string {
  const count = (outcome: ListResult['outcome']) => results.filter((each) => each.outcome === outcome).length;
  const now = results.length - earlier;
  const times = results
    .slice(earlier)
    .map(({ milliseconds }) => milliseconds)
    .toSorted((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const reasons = Map.groupBy(
    results.filter(({ outcome, reason }) => outcome === 'refused' || reason !== ''),
    ({ reason }) => reason.replaceAll(/“[^”]*”|"[^"]*"|\[\d+\]/g, '…'),
  );
  const frequent = [...reasons].toSorted(([, a], [, b]) => b.length - a.length).slice(0, REASONS_SHOWN);
  const rate = (now / Math.max(seconds, 0.001)).toFixed(1);
  return [
    zh
      ? `清单 ${results.length} 份：已提交 ${count('submitted')}，已上传未提交 ${count('taken')}，被拒 ${count('refused')}`
      : `${results.length} lists: ${count('submitted')} submitted, ${count('taken')} uploaded, ${count('refused')} refused`,
    zh
      ? `本次 ${now} 份${earlier > 0 ? `（此前 ${earlier} 份）` : ''}，每秒 ${rate} 份；每份用时 中位 ${at(0.5)} 毫秒，99% 在 ${at(0.99)} 毫秒内`
      : `this run ${now}${earlier > 0 ? ` (${earlier} before)` : ''}, ${rate} a second; median ${at(0.5)} ms a list, 99% within ${at(0.99)} ms`,
    ...frequent.map(([reason, lists]) => `  ${lists.length} × ${reason}`),
    zh ? `结果：${resultsFile}` : `Results: ${resultsFile}`,
  ].join('\n');
}
