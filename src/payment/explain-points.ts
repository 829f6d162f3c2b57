import type { Engine, Row } from '#engine/duckdb.ts';
import { divide, type Fraction, fraction, roundTo, scaledText } from '#kernel/fraction.ts';
import type { Text } from '#kernel/locale.ts';
import { yuanText } from '#kernel/money.ts';
import type { GroupScore } from './build-catalogue.ts';
import type { CoefficientReason, DiseaseVerdict } from './points/coefficients.ts';
import { sumByYear } from './points/coefficients.ts';
import type { YearCost } from './points/weighted-mean.ts';
import type { Settlement } from './settle-year.ts';
import { type CaseFacts, type ConditionCheck, fitTypes } from './typing/type-case.ts';
import { typingStandardFen } from './typing/type-cases.ts';

/** The yearly means behind a weighted mean, oldest year first. Money is text in yuan. */
export type MeanExplanation = {
  readonly years: readonly { year: number; weight: string; cases: string; cost: string; mean: string }[];
  /** weighted mean in yuan, six decimals, and as the exact fraction in fen */
  readonly mean: string;
  readonly exactFen: string;
};

/** Decimals shown of a value that the settlement does not round. */
const SHOWN_DECIMALS = 6;
export const shown = (value: Fraction): string => scaledText(roundTo(value, SHOWN_DECIMALS), SHOWN_DECIMALS);
export const exactText = (value: Fraction): string => `${value.numerator}/${value.denominator}`;
export const pointsText = (value: bigint): string => scaledText(value, 4);
const shownYuan = (fen: Fraction): string => shown(divide(fen, fraction(100n)));

export function explainMean(
  years: readonly YearCost[],
  settlement: Settlement,
): { fraction: Fraction; explanation: MeanExplanation } {
  const mean = settlement.catalogue.weighting.mean(years);
  if (!mean) throw new Error('a mean without lists');
  return {
    fraction: mean,
    explanation: {
      years: [...settlement.weights].map(([year, weight]) => {
        const found = years.find((entry) => entry.year === year);
        return {
          year,
          weight: weight.toString(),
          cases: (found?.cases ?? 0n).toString(),
          cost: yuanText(found?.costFen ?? 0n),
          mean: found ? shown(fraction(found.costFen, found.cases * 100n)) : '-',
        };
      }),
      mean: shownYuan(mean),
      exactFen: exactText(mean),
    },
  };
}

/** A mean cost in fen that does not come from the history. */
export const givenMean = (meanFen: Fraction): MeanExplanation => ({
  years: [],
  mean: shownYuan(meanFen),
  exactFen: exactText(meanFen),
});

/** Where a list is: its group and its institution’s class and level. */
export type PlaceOfCase = {
  readonly group: GroupScore;
  readonly classNo: number;
  readonly level: number;
  readonly fixmedinsCode: string;
};

export type CoefficientExplanation = {
  readonly value: string;
  readonly why: CoefficientReason;
  /** mean of the level, class or, by disease, of the group at the level */
  readonly mean: MeanExplanation | undefined;
  /** by disease: mean of the group in the area, which divides it */
  readonly against: MeanExplanation | undefined;
  readonly type: string;
  /** composite: the base and every add-on with its source */
  readonly parts: readonly { component: string; value: string; source: string }[];
  /** by disease: why the group has a coefficient of its own or not */
  readonly verdict: DiseaseVerdict | undefined;
};

export async function explainCoefficient(
  engine: Engine,
  settlement: Settlement,
  place: PlaceOfCase,
): Promise<CoefficientExplanation> {
  const { catalogue, tables } = settlement;
  const { group, classNo, level, fixmedinsCode } = place;
  const { coefficient4, why } = catalogue.coefficientOf(group, classNo);
  const levelClasses = catalogue.classes.filter((each) => each.level === level).map((each) => each.classNo);
  const meanOf = async (classNos: readonly number[], groupNo?: number) => {
    const rows = await engine.rows(
      groupNo === undefined
        ? `SELECT year, sum(cases) AS cases, sum(cost_fen) AS cost_fen FROM history_cost
           WHERE class_no IN (${classNos.join(', ')}) GROUP BY year ORDER BY year`
        : `SELECT year, cases, cost_fen FROM group_class_year
           WHERE group_no = ${groupNo} AND class_no IN (${classNos.join(', ')}) ORDER BY year, class_no`,
    );
    return rows.length === 0
      ? undefined
      : explainMean(sumByYear(rows.map(toYearCost)), settlement).explanation;
  };
  const means = async (): Promise<(MeanExplanation | undefined)[]> => {
    switch (why) {
      case 'level':
        return [await meanOf(levelClasses)];
      case 'level-and-type':
      case 'institution':
        return [await meanOf([classNo])];
      case 'disease':
        return [
          await meanOf(levelClasses, group.groupNo),
          await meanOf(
            catalogue.classes.map((each) => each.classNo),
            group.groupNo,
          ),
        ];
      default:
        return [];
    }
  };
  const [mean, against] = await means();
  const verdicts = await engine.rows(
    'SELECT DISTINCT verdict FROM disease_coefficient WHERE group_code = ? AND kind = ?',
    [group.groupCode, group.kind],
  );
  const written = tables.points.coefficientComponents.filter((row) => row.fixmedinsCode === fixmedinsCode);
  const composite = catalogue.classCoefficients.get(classNo)!;
  const hasBase = written.some(({ component }) => component === 'base' || component === 'complete');
  return {
    value: pointsText(coefficient4),
    why,
    mean,
    against,
    type: tables.institutions.find((one) => one.fixmedinsCode === fixmedinsCode)?.type ?? '',
    parts:
      why === 'composite'
        ? [
            ...(hasBase ? [] : [{ component: 'base', value: pointsText(composite.base4), source: '' }]),
            ...written.map(({ component, value4, source }) => ({
              component,
              value: pointsText(value4),
              source,
            })),
          ]
        : [],
    verdict: verdicts[0] ? (String(verdicts[0].verdict) as DiseaseVerdict) : undefined,
  };
}

/** What the cost of the list is compared with, before the coefficient. */
export type DeviationExplanation = {
  readonly from: 'area' | 'same-level-last-year' | 'substitute' | 'point-value';
  /** yuan, six decimals */
  readonly mean: string;
  /** yuan per point, eight decimals, where the standard is made with one */
  readonly point_value: string | undefined;
};

export function explainDeviation(
  settlement: Settlement,
  { group, classNo }: PlaceOfCase,
): DeviationExplanation {
  const { deviation } = settlement.catalogue;
  const chosen = settlement.policy.choice('deviation.mean');
  return {
    from: deviation.isSubstitute(group, classNo) ? 'substitute' : chosen,
    mean: shownYuan(deviation.meanOf(group, classNo)),
    point_value: deviation.pointValueFen
      ? scaledText(roundTo(divide(deviation.pointValueFen, fraction(100n)), 8), 8)
      : undefined,
  };
}

/** How the score became what it is beyond m / M. */
export type ScoreExplanation = {
  readonly method: 'average-cost' | 'base-disease' | 'fixed-standard';
  /** the cost in yuan and the score it stands for */
  readonly standard_cost: string;
  readonly standard_score: string;
  readonly adjusted:
    | { calculated: string; decided: string | undefined; rescale: string; reason: string | undefined }
    | undefined;
};

export async function explainScore(
  engine: Engine,
  settlement: Settlement,
  group: GroupScore,
): Promise<ScoreExplanation> {
  const { standard } = settlement.catalogue;
  const before = await engine.rows('SELECT score4 FROM unadjusted_score WHERE group_code = ? AND kind = ?', [
    group.groupCode,
    group.kind,
  ]);
  const [any] = await engine.rows('SELECT rescale8 FROM adjusted_score LIMIT 1');
  const own = await engine.rows('SELECT decided4 FROM adjusted_score WHERE group_code = ? AND kind = ?', [
    group.groupCode,
    group.kind,
  ]);
  const change = settlement.tables.points.scoreAdjustments.find((row) => row.groupCode === group.groupCode);
  return {
    method: settlement.policy.choice('score.method'),
    standard_cost: shownYuan(standard.meanFen),
    standard_score: plainText(standard.score),
    adjusted: before[0] && {
      calculated: pointsText(before[0].score4 as bigint),
      decided: own[0] ? pointsText(own[0].decided4 as bigint) : undefined,
      rescale: scaledText(any?.rescale8 as bigint, 8),
      reason: change?.reason,
    },
  };
}

/** A decimal with up to four places and no zeros at its end. */
export const plainText = (value: Fraction): string => scaledText(roundTo(value, 4), 4).replace(/\.?0+$/, '');

/** The types of one list. Coefficients are text with four decimals. */
export type TypingExplanation = {
  /** type the list was given; undefined: none */
  readonly chosen: string | undefined;
  readonly coefficient: string | undefined;
  readonly types: readonly {
    readonly type: string;
    readonly title: Text;
    readonly family: Text;
    readonly fits: boolean;
    readonly checks: readonly ConditionCheck[];
    /** last year’s test; undefined: no case of the group fitted last year */
    readonly trigger:
      | {
          readonly verdict: string;
          readonly disease_cases: string;
          readonly type_cases: string;
          readonly disease_cv: string;
          readonly type_cv: string;
          readonly coefficient: string;
        }
      | undefined;
  }[];
};

/** Runs the one-case rule on a list and checks that it says what the tables say; undefined when the policy has no typing. */
export async function explainTyping(
  engine: Engine,
  settlement: Settlement,
  place: PlaceOfCase,
  setlId: string,
  costFen: bigint,
): Promise<TypingExplanation | undefined> {
  const { typing, catalogue } = settlement;
  if (!typing) return undefined;
  const fact = await engine.row(
    `SELECT f.*, c.type_no FROM accepted_list AS a JOIN typing_fact AS f ON f.list_no = a.list_no
     LEFT JOIN case_type AS c ON c.list_no = a.list_no WHERE a.setl_id = ?`,
    [setlId],
  );
  const standardFen = typingStandardFen(catalogue, place.group, place.classNo);
  const fits = fitTypes(toFacts(fact, costFen, standardFen), typing.definition, typing.dictionary);
  const results = new Map(
    (await engine.rows('SELECT * FROM type_result WHERE group_no = ?', [place.group.groupNo])).map((row) => [
      Number(row.type_no),
      row,
    ]),
  );
  const isTyped =
    (await engine.rows('SELECT 1 AS one FROM typed_group WHERE group_no = ?', [place.group.groupNo])).length >
    0;
  const ranks = new Map(
    (await engine.rows('SELECT type_no, rank FROM type_rank WHERE group_no = ?', [place.group.groupNo])).map(
      (row) => [Number(row.type_no), Number(row.rank)],
    ),
  );
  const best = fits
    .filter(({ type, fits: own }) => own && ranks.has(type.typeNo))
    .toSorted((a, b) => ranks.get(a.type.typeNo)! - ranks.get(b.type.typeNo)!)[0];
  const chosenNo = fact.type_no === null ? undefined : Number(fact.type_no);
  const chosen = fits.find(({ type }) => type.typeNo === chosenNo);
  if (isTyped && best?.type.typeNo !== chosenNo) {
    throw new Error(`explanation of ${setlId} types it ${best?.type.code}, the run ${chosen?.type.code}`);
  }
  return {
    chosen: chosen?.type.code,
    coefficient: chosen && pointsText(results.get(chosen.type.typeNo)!.coefficient4 as bigint),
    types: isTyped
      ? fits.map(({ type, fits: own, checks }) => {
          const row = results.get(type.typeNo);
          return {
            type: type.code,
            title: type.title,
            family: type.familyTitle,
            fits: own,
            checks,
            trigger: row && {
              verdict: String(row.verdict),
              disease_cases: String(row.disease_cases),
              type_cases: String(row.type_cases),
              disease_cv: pointsText(row.disease_cv4 as bigint),
              type_cv: pointsText(row.type_cv4 as bigint),
              coefficient: pointsText(row.trigger4 as bigint),
            },
          };
        })
      : [],
  };
}

/** What typing reads of a list of the payment year; undefined for a list that takes no part. */
export async function caseFacts(
  engine: Engine,
  setlId: string,
): Promise<Omit<CaseFacts, 'standardFen'> | undefined> {
  const [row] = await engine.rows(
    `SELECT f.*, a.cost_fen FROM accepted_list AS a JOIN typing_fact AS f ON f.list_no = a.list_no
     WHERE a.setl_id = ?`,
    [setlId],
  );
  if (row === undefined) return undefined;
  const { standardFen: _, ...facts } = toFacts(row, row.cost_fen as bigint, fraction(0n));
  return facts;
}

function toFacts(row: Row, costFen: bigint, standardFen: Fraction): CaseFacts {
  const number = (value: Row[string] | undefined) =>
    value === null || value === undefined ? undefined : Number(value);
  const money = (value: Row[string] | undefined) =>
    value === null || value === undefined ? undefined : BigInt(value as bigint);
  return {
    costFen,
    standardFen,
    ageYears: number(row.age_years),
    ageDays: number(row.age_days),
    lengthOfStay: number(row.length_of_stay),
    icuDays: number(row.icu_days),
    disposition: String(row.disposition),
    diagnoses: String(row.diagnoses).split('|'),
    treatmentFen: money(row.treatment_fen),
    drugFen: money(row.drug_fen),
  };
}

/** The type coefficient of the list for scoreGroupedCase, in units of 10^−4. */
export async function typeCoefficient4(engine: Engine, setlId: string): Promise<bigint | undefined> {
  const rows = await engine.rows(
    `SELECT r.coefficient4 FROM accepted_list AS a
     JOIN signature_group AS g ON g.signature_no = a.signature_no
     JOIN case_type AS c ON c.list_no = a.list_no
     JOIN type_result AS r ON r.group_no = g.group_no AND r.type_no = c.type_no
     WHERE a.setl_id = ?`,
    [setlId],
  );
  return rows[0] ? (rows[0].coefficient4 as bigint) : undefined;
}

const toYearCost = (row: Row): YearCost => ({
  year: Number(row.year),
  cases: BigInt(row.cases as bigint),
  costFen: BigInt(row.cost_fen as bigint),
});
