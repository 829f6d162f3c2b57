import type { Engine, Row } from '#engine/duckdb.ts';
import { fill, type Language, type Text } from '#kernel/locale.ts';

/**
 * Why a list is refused, by the bits of `list.sql` (1 is added when all lists are read). The order is that of the
 * reason a clerk reads. `{…}` places are the fields as written.
 */
const REASONS: readonly { readonly bit: number; readonly text: Text }[] = [
  {
    bit: 1,
    text: {
      zh: '结算ID“{setl_id}”出现在多份清单上，全部拒收；请只保留一份正确的清单',
      en: 'setl_id "{setl_id}" stands on several lists, all refused; keep the one that is right',
    },
  },
  { bit: 2, text: { zh: '结算ID（setl_id）为空；请补填', en: 'setl_id is empty; fill it in' } },
  {
    bit: 4,
    text: {
      zh: '机构编号（fixmedins_code）“{fixmedins_code}”不在 institutions.csv 中；请改正编号或登记该机构',
      en: 'fixmedins_code "{fixmedins_code}" is not in institutions.csv; correct it or register the institution',
    },
  },
  {
    bit: 8,
    text: {
      zh: '险种（insutype）“{insutype}”不是 310（职工）或 390（居民）；请改正',
      en: 'insutype "{insutype}" is not 310 (employee) or 390 (resident); correct it',
    },
  },
  {
    bit: 16,
    text: {
      zh: '缺少主要诊断（diagnoses 的第一个编码，现为“{diagnoses}”）；请补填',
      en: 'the principal diagnosis (first code of diagnoses, now "{diagnoses}") is missing; fill it in',
    },
  },
  {
    bit: 32,
    text: {
      zh: '入院时间（adm_time）“{adm_time}”不是 2025-03-01 或 2025-03-01 08:30:00 这样的日期时间；请改正',
      en: 'adm_time "{adm_time}" is not a time such as 2025-03-01 or 2025-03-01 08:30:00; correct it',
    },
  },
  {
    bit: 64,
    text: {
      zh: '出院时间（dscg_time）“{dscg_time}”不是 2025-03-01 或 2025-03-01 08:30:00 这样的日期时间；请改正',
      en: 'dscg_time "{dscg_time}" is not a time such as 2025-03-01 or 2025-03-01 08:30:00; correct it',
    },
  },
  {
    bit: 128,
    text: {
      zh: '入院时间（adm_time）“{adm_time}”晚于出院时间（dscg_time）“{dscg_time}”；请核对两个时间',
      en: 'adm_time "{adm_time}" is after dscg_time "{dscg_time}"; check both',
    },
  },
  {
    bit: 256,
    text: {
      zh: '医疗费总额（medfee_sumamt）“{medfee_sumamt}”不是至多两位小数的金额（元）；请改正',
      en: 'medfee_sumamt "{medfee_sumamt}" is not an amount in yuan with at most two decimals; correct it',
    },
  },
  {
    bit: 512,
    text: {
      zh: '医疗费总额（medfee_sumamt）“{medfee_sumamt}”应大于 0；退费请随原清单一并撤回',
      en: 'medfee_sumamt "{medfee_sumamt}" must be above 0; withdraw a refund together with its list',
    },
  },
  {
    bit: 1024,
    text: {
      zh: '基金支付总额（fund_pay_sumamt）“{fund_pay_sumamt}”不是至多两位小数的金额（元）；请改正',
      en: 'fund_pay_sumamt "{fund_pay_sumamt}" is not an amount in yuan with at most two decimals; correct it',
    },
  },
  {
    bit: 2048,
    text: {
      zh: '基金支付总额（fund_pay_sumamt）“{fund_pay_sumamt}”应在 0 与医疗费总额“{medfee_sumamt}”之间；请改正',
      en: 'fund_pay_sumamt "{fund_pay_sumamt}" must lie between 0 and medfee_sumamt "{medfee_sumamt}"; correct it',
    },
  },
];

/** Fields the reasons may quote; `written` of a list that is only not unique is absent. */
const NOTHING_WRITTEN = {
  fixmedins_code: '',
  insutype: '',
  diagnoses: '',
  adm_time: '',
  dscg_time: '',
  medfee_sumamt: '',
  fund_pay_sumamt: '',
};

function writtenOf(row: Row): Record<string, string> {
  const fields =
    row.written === null ? {} : (JSON.parse(String(row.written)) as Record<string, string | null>);
  const texts = Object.entries(fields).map(([field, text]) => [field, text ?? '']);
  return { ...NOTHING_WRITTEN, ...Object.fromEntries(texts), setl_id: String(row.setl_id) };
}

/** What of a file the refusal report needs. */
export type RefusalSource = {
  readonly fileName: string;
  readonly malformed: readonly { readonly row: number; readonly setlId: string; readonly problem: Text }[];
  readonly lineOf?:
    | ((ordinals: readonly number[]) => readonly number[] | Promise<readonly number[]>)
    | undefined;
};

/**
 * Makes the table refused_result(file, row_no, setl_id, reason) in the order of file and row.
 * @param sources the files in the order of their file_no
 * @returns number of refused lists
 */
export async function reportRefusals(
  engine: Engine,
  sources: readonly RefusalSource[],
  language: Language,
): Promise<number> {
  const rows = await engine.rows('SELECT * FROM refused_list ORDER BY file_no, list_row');
  const duplicates = new Set(
    (await engine.rows('SELECT setl_id FROM duplicate_setl_id')).map((row) => row.setl_id),
  );
  const refused: { file: string; row: number; setlId: string; reason: string }[] = [];
  for (const [fileNo, source] of sources.entries()) {
    const own = rows.filter((row) => Number(row.file_no) === fileNo);
    const ordinals = own.map((row) => Number(row.list_row));
    const lines = source.lineOf ? await source.lineOf(ordinals) : ordinals.map((ordinal) => ordinal + 2);
    for (const [index, row] of own.entries()) {
      const bits = Number(row.refusal_bits);
      const written = writtenOf(row);
      refused.push({
        file: source.fileName,
        row: lines[index]!,
        setlId: String(row.setl_id),
        reason: REASONS.filter(({ bit }) => (bits & bit) !== 0)
          .map(({ text }) => fill(text[language], written))
          .join(language === 'zh' ? '；' : '; '),
      });
    }
    for (const { row, setlId, problem } of source.malformed) {
      const reasons = [problem[language]];
      if (duplicates.has(setlId)) reasons.push(fill(REASONS[0]!.text[language], { setl_id: setlId }));
      refused.push({
        file: source.fileName,
        row,
        setlId,
        reason: reasons.join(language === 'zh' ? '；' : '; '),
      });
    }
  }
  await engine.run(
    'CREATE OR REPLACE TABLE refused_result (file VARCHAR, row_no BIGINT, setl_id VARCHAR, reason VARCHAR)',
  );
  await engine.append(
    'refused_result',
    refused
      .toSorted((a, b) => (a.file === b.file ? a.row - b.row : a.file < b.file ? -1 : 1))
      .map(({ file, row, setlId, reason }) => [file, row, setlId, reason]),
  );
  return refused.length;
}
