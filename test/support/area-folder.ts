import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The 15 columns of a settlement list, in the order of the reference profile. */
export const LIST_HEADER =
  'setl_id,fixmedins_code,psn_no,insutype,gend,age,nwb_age,nwb_adm_wt,adm_time,dscg_time,dscg_way,medfee_sumamt,' +
  'fund_pay_sumamt,diagnoses,procedures';

/** One list as its cells, by column. */
export type SmallList = Readonly<Record<string, string>>;

/** The payment year of the folder; its history is the three years before. */
export const SMALL_AREA_YEAR = 2025;

/** One row for each way a case can be grouped and scored; `yearly` lists of it in each year. */
const KINDS: readonly {
  readonly diagnoses: string;
  readonly procedures: string;
  readonly costYuan: number;
  readonly yearly: readonly [number, number, number, number];
}[] = [
  // core groups: at least fifteen lists in the history
  { diagnoses: 'K35.900|I10.x00', procedures: '47.0100', costYuan: 9_000, yearly: [6, 6, 7, 8] },
  { diagnoses: 'K35.900', procedures: '', costYuan: 3_000, yearly: [5, 6, 6, 6] },
  { diagnoses: 'J18.900', procedures: '', costYuan: 4_500, yearly: [8, 8, 9, 10] },
  { diagnoses: 'I63.900|I10.x00', procedures: '', costYuan: 12_000, yearly: [7, 6, 6, 7] },
  { diagnoses: 'I20.000', procedures: '36.0700|88.5500', costYuan: 38_000, yearly: [5, 5, 6, 6] },
  // a procedure more than the core group K35.9+47.0100
  { diagnoses: 'K35.900', procedures: '47.0100|54.5100', costYuan: 14_000, yearly: [1, 1, 2, 3] },
  // too few for a core group: the comprehensive group H25-4
  { diagnoses: 'H25.900', procedures: '13.4100', costYuan: 6_000, yearly: [3, 3, 3, 4] },
  // 99.9999 is not in procedures.csv; N20-1 is a comprehensive group without procedures
  { diagnoses: 'N20.000', procedures: '99.9999', costYuan: 2_500, yearly: [2, 2, 2, 2] },
];

/** The lists of four years, 1 January 2022 to 31 December 2025; the same every time. */
export function smallLists(): SmallList[] {
  const lists: SmallList[] = [];
  for (const [yearIndex, year] of [2022, 2023, 2024, 2025].entries()) {
    let number = 0;
    const add = (kind: { diagnoses: string; procedures: string }, costFen: number) => {
      number += 1;
      const month = (number % 12) + 1;
      const day = (number % 20) + 1;
      const two = (value: number) => String(value).padStart(2, '0');
      const yuan = (fen: number) => `${Math.floor(fen / 100)}.${two(fen % 100)}`;
      lists.push({
        setl_id: `${year}${String(number).padStart(4, '0')}`,
        fixmedins_code: ['H0001', 'H0002', 'H0003', 'H0004'][number % 4]!,
        psn_no: `P${year}${number}`,
        insutype: number % 5 < 2 ? '390' : '310',
        gend: String((number % 2) + 1),
        age: String(20 + ((number * 7) % 60)),
        nwb_age: '',
        nwb_adm_wt: '',
        adm_time: `${year}-${two(month)}-${two(day)} 08:30:00`,
        dscg_time: `${year}-${two(month)}-${two(day + 5)} 16:00:00`,
        dscg_way: '1',
        medfee_sumamt: yuan(costFen),
        fund_pay_sumamt: yuan(Math.floor((costFen * 65) / 100)),
        diagnoses: kind.diagnoses,
        procedures: kind.procedures,
      });
    };
    for (const kind of KINDS) {
      for (let time = 0; time < kind.yearly[yearIndex]!; time += 1) {
        // costs spread over 80 to 120 per cent, with odd fen
        add(kind, kind.costYuan * (80 + ((time * 13 + yearIndex * 7) % 41)) + time * 7);
      }
    }
    if (year === SMALL_AREA_YEAR) {
      add({ diagnoses: 'J18.900', procedures: '' }, 100_000); // low outlier
      add({ diagnoses: 'J18.900', procedures: '' }, 4_000_000); // high outlier
      add({ diagnoses: 'Z51.800', procedures: '' }, 520_000); // neither a core nor a comprehensive group
    }
  }
  return lists;
}

export const listLine = (list: SmallList): string =>
  LIST_HEADER.split(',')
    .map((column) => list[column] ?? '')
    .join(',');

const csvOfYears = (years: readonly string[]): string =>
  [
    LIST_HEADER,
    ...smallLists()
      .filter((list) => years.includes(list.setl_id!.slice(0, 4)))
      .map(listLine),
    '',
  ].join('\n');

/** File name → content of a small area folder that settles without a warning but one unknown procedure code. */
export const smallAreaFiles = (): Record<string, string> => ({
  'area.yaml': `area: "990200"
name: 试算市
profile: reference
documents:
  local-2025: 试算市 2025 年清算方案
overrides:
  ungrouped.ratio:
    unit: ratio
    values:
      2025-01-01: {value: "0.6", from: local-2025, article: 第二条}
`,
  'institutions.csv': `fixmedins_code,name,level
H0001,试算市第一人民医院,3
H0002,试算市中医医院,2
H0003,城东社区卫生服务中心,1
H0004,城西医院,2
`,
  'procedures.csv': `oprn_oprt_code,attribute
47.0100,surgery
54.5100,surgery
36.0700,intervention
88.5500,diagnostic
13.4100,surgery
`,
  'primary_care_groups.csv': 'group_code\nJ18.9\n',
  'budget.csv': `year,insutype,budget
2025,310,300000.00
2025,390,160000.00
`,
  'institution_year.csv': `year,fixmedins_code,insutype,assessment_coefficient,audit_deduction,advance_paid
2025,H0001,310,0.98,1200.00,20000.00
2025,H0002,390,1,0,0
`,
  'settlement_lists/2022-2024.csv': csvOfYears(['2022', '2023', '2024']),
  'settlement_lists/2025.csv': csvOfYears(['2025']),
});

/** An area folder on disk that a test breaks in one place. */
export class AreaFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    for (const [name, content] of Object.entries(smallAreaFiles())) this.write(name, content);
  }

  write(name: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), content);
  }

  remove(name: string): void {
    rmSync(join(this.path, name), { recursive: true });
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  /** Replaces the first occurrence; throws when there is none, so that no test breaks nothing. */
  replace(name: string, from: string, to: string): void {
    const text = this.read(name);
    if (!text.includes(from)) throw new Error(`${name} does not hold ${JSON.stringify(from)}`);
    this.write(
      name,
      text.replace(from, () => to),
    );
  }

  append(name: string, text: string): void {
    this.write(name, this.read(name) + text);
  }
}
