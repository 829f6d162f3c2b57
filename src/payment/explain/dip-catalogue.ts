import {
  areaCatalogue,
  CatalogueIndex,
  caseOfSignature,
  entryCells,
  type Grouping,
  groupCase,
  groupingProfile,
  IGNORED_TITLES,
  KIND_TITLES,
  REASON_TITLES,
  stepText,
  verdictText,
} from '#grouping/dip/index.ts';
import { scaledText } from '#kernel/fraction.ts';
import type { ExplanationWriter, MakeGroupingPart } from './grouping-part.ts';

/** The steps that grouped a list by a catalogue; what `explain --json` says under `steps`. */
export type CatalogueExplanation = {
  readonly group_code: string | undefined;
  readonly kind: Grouping['kind'];
  readonly reason: Grouping['reason'];
  readonly decided_by: Grouping['decidedBy'];
  /** whether the list says day surgery (ipt_med_type 2); undefined where no group of the catalogue asks */
  readonly day_surgery: boolean | undefined;
  readonly operations: readonly string[];
  readonly ignored: Grouping['ignored'];
  /** every other row of the catalogue with the diagnosis of the list */
  readonly candidates: readonly {
    readonly group_code: string;
    readonly name: string;
    readonly operations: string;
    readonly score: string;
    readonly verdict: Grouping['candidates'][number]['verdict'];
  }[];
};

/** How the steps of the profile came to the group of one list, by the one-case rule. */
export const dipCataloguePart: MakeGroupingPart = async (engine, settlement, row) => {
  const { areaFolder, policy } = settlement;
  const signature = await engine.row(
    `SELECT g.* FROM case_score AS c JOIN grouping_signature AS g ON g.signature_no = c.signature_no
     WHERE c.setl_id = ?`,
    [String(row.setl_id)],
  );
  const index = new CatalogueIndex(await areaCatalogue(areaFolder, policy));
  const input = caseOfSignature(signature);
  const grouping = groupCase(input, index, groupingProfile(policy));
  const { reads_day_surgery } = await engine.row(
    "SELECT count(*) > 0 AS reads_day_surgery FROM grouping_read WHERE input = 'day_surgery'",
  );
  // a blank group that the catalogue does not list is scored like an ungrouped list
  const groupCode = grouping.entry?.groupCode;
  const steps: CatalogueExplanation = {
    group_code: groupCode,
    kind: grouping.kind,
    reason: grouping.reason,
    decided_by: grouping.decidedBy,
    day_surgery: reads_day_surgery ? input.isDaySurgery === true : undefined,
    operations: grouping.operations,
    ignored: grouping.ignored,
    candidates: grouping.candidates.map(({ entry, verdict }) => ({
      group_code: entry.groupCode,
      name: entry.name,
      operations: entryCells(entry).operations!,
      score: scaledText(entry.score4, 4),
      verdict,
    })),
  };
  const groupYears =
    groupCode === undefined
      ? []
      : await engine.rows('SELECT * FROM catalogue_group_year WHERE group_code = ? ORDER BY year', [
          groupCode,
        ]);
  const meanFen = settlement.catalogue.groups.find((group) => group.groupCode === groupCode)?.meanFen;
  return {
    groupCode,
    kind: groupCode === undefined ? 'ungrouped' : grouping.kind,
    groupYears,
    ...(meanFen ? { meanFen } : {}),
    json: { steps },
    write: (writer) => write(steps, writer),
  };
};

const DAY_SURGERY = {
  yes: { zh: '住院医疗类型（ipt_med_type）2：日间手术', en: 'ipt_med_type 2: day surgery' },
  no: { zh: '住院医疗类型（ipt_med_type）不是日间手术', en: 'ipt_med_type does not say day surgery' },
} as const;

function write(steps: CatalogueExplanation, { language, section, line, cite }: ExplanationWriter): void {
  section('入组', 'Group');
  line(
    `计入的手术操作：${steps.operations.join('、') || '无'}`,
    `operations that count: ${steps.operations.join(', ') || 'none'}`,
  );
  if (steps.day_surgery !== undefined) {
    const { zh, en } = DAY_SURGERY[steps.day_surgery ? 'yes' : 'no'];
    line(zh, en);
  }
  for (const { code, why } of steps.ignored) {
    line(`${code}：${IGNORED_TITLES[why].zh}`, `${code}: ${IGNORED_TITLES[why].en}`);
  }
  for (const { group_code, name, operations, score, verdict } of steps.candidates) {
    const named = [group_code, name, operations].filter((text) => text !== '').join(' ');
    const says = verdictText(verdict, language);
    line(`· ${named}（分值 ${score}）：${says}`, `· ${named} (score ${score}): ${says}`);
  }
  const by = steps.decided_by.map((step) => stepText(step, language)).join(' → ');
  const kind = KIND_TITLES[steps.kind][language];
  const result = steps.group_code
    ? `${steps.group_code} ${kind} ← ${by}`
    : `${kind}: ${steps.reason ? REASON_TITLES[steps.reason][language] : ''}`;
  line(result, result);
  cite('grouping.steps', 'grouping.catalogue');
}
