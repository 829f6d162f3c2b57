import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from '#engine/duckdb.ts';
import { renderProblem, YibaoError } from '#kernel/errors.ts';
import { SILENT } from '#kernel/progress.ts';
import { type ListSource, openSettlementLists } from './index.ts';

/** Settlement lists for tests, and a folder to put files of them in. */
export const COLUMNS = [
  'setl_id,fixmedins_code,psn_no,insutype,gend,age,nwb_age,nwb_adm_wt',
  'adm_time,dscg_time,dscg_way,medfee_sumamt,fund_pay_sumamt,diagnoses,procedures',
]
  .join(',')
  .split(',');

export const CHINESE_HEADER =
  '结算ID,定点医药机构编号,人员编号,险种类型,性别,年龄,（年龄不足1周岁）年龄,新生儿入院体重,入院时间,出院时间,离院方式,医疗费总额,基金支付总额,诊断代码,手术操作代码';

export const LISTS: readonly (readonly string[])[] = [
  'S1,H01,P1,310,1,58,,,2025-03-03,2025-03-05,1,1027.50,471.69,S27.800x013,50.2908|51.5902',
  'S2,H02,P2,390,2,0,12,3150.5,2025-08-02,2025-08-11,1,9113.53,5135.43,N98.900|N50.800x023,',
  '00S3,H01,P3,310,1,41,,,2025-01-31,2025-02-01,2,17107.09,0.00,K35.900,47.0100',
].map((line) => line.split(','));

export const csvOf = (
  rows: readonly (readonly string[])[],
  header: readonly string[] = COLUMNS,
  lineEnd = '\n',
): string => [header, ...rows].map((row) => row.join(',') + lineEnd).join('');

export type Folder = {
  readonly engine: Engine;
  readonly path: string;
  write(name: string, content: string | Uint8Array): string;
  open(skipBadFiles?: boolean): ReturnType<typeof openSettlementLists>;
  /** Rows of one source as text; NULL is ''. */
  rows(source: ListSource): Promise<string[][]>;
  /** The only source's rows. */
  onlyRows(): Promise<string[][]>;
  /** What a clerk reads when the folder is refused, and the codes. */
  refusal(): Promise<{ readonly zh: string; readonly en: string; readonly codes: readonly string[] }>;
};

/** Runs a test with an empty folder of settlement lists. */
export async function withFolder(test: (folder: Folder) => Promise<void>): Promise<void> {
  const engine = await Engine.open({ memoryLimitMib: 512 });
  const path = join(engine.workFolder, 'settlement_lists');
  mkdirSync(path);
  const folder: Folder = {
    engine,
    path,
    write(name, content) {
      writeFileSync(join(path, name), content);
      return join(path, name);
    },
    open: (skipBadFiles = false) => openSettlementLists(engine, path, { skipBadFiles, progress: SILENT }),
    async rows(source) {
      const rows = await engine.rows(source.select);
      // the columns of the profile; those beyond it have tests of their own in test/list-fields.test.ts
      return rows.map((row) => COLUMNS.map((column) => String(row[column] ?? '')));
    },
    async onlyRows() {
      const { sources } = await folder.open();
      if (sources.length !== 1) throw new Error(`${sources.length} sources`);
      return folder.rows(sources[0]!);
    },
    async refusal() {
      try {
        await folder.open();
      } catch (error) {
        if (!(error instanceof YibaoError) || error.exitCode !== 3) throw error;
        const text = (language: 'zh' | 'en') =>
          error.problems.map((problem) => renderProblem(problem, language)).join('\n');
        return {
          zh: text('zh'),
          en: text('en'),
          codes: error.problems.map((problem) => problem.definition.code),
        };
      }
      throw new Error('the folder was not refused');
    },
  };
  try {
    await test(folder);
  } finally {
    engine.close();
  }
}

/** GB18030 bytes of text in ASCII and GB 2312; Node can only decode that encoding. */
export function gb18030(text: string): Buffer {
  const decoder = new TextDecoder('gb18030');
  const codes = new Map<string, number[]>();
  for (let lead = 0xa1; lead <= 0xf7; lead++) {
    for (let trail = 0xa1; trail <= 0xfe; trail++) {
      codes.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]);
    }
  }
  return Buffer.from([...text].flatMap((character) => codes.get(character) ?? [character.charCodeAt(0)]));
}
