import type { AreaTables, SchemeCode } from '#catalogue/area-tables.ts';
import type { Engine } from '#engine/duckdb.ts';
import { makeTable, runScript, sourceFile } from '#engine/sql-file.ts';
import { YibaoError } from '#kernel/errors.ts';
import { divide, type Fraction, fraction, multiply, roundTo } from '#kernel/fraction.ts';
import { yuanText } from '#kernel/money.ts';
import { byText } from '#kernel/text-order.ts';
import type { Policy } from '#policy/index.ts';
import {
  type CommunityBudget,
  type Lock,
  lockOf,
  type PartParameter,
  type PartsFiles,
} from './area-files.ts';
import {
  type CommunityAccount,
  type CommunityFigures,
  capitationFen,
  communityAccount,
  communityRule,
  evaluationScore,
} from './community.ts';
import { partsErrors } from './errors.ts';
import { paysPartsMonthly, settlePartMonths } from './part-months.ts';
import {
  type Amount,
  amountOf,
  type Basis,
  onFundBasis,
  type ReferenceValue,
  referenceValue,
  toPoints4,
} from './reference-value.ts';
import { type PoolShares, sharePool } from './share-pool.ts';

export type PartName = 'bed-day' | 'capitation' | 'fee-for-service' | 'community';

/** One line of parts.csv. */
export type PartLine = {
  readonly part: PartName;
  readonly fixmedinsCode: string;
  /** class and category, item or community */
  readonly item: string;
  readonly amount: Amount<Basis>;
  /** days or people */
  readonly quantity: bigint | undefined;
  readonly fundFen: bigint;
  readonly points4: bigint;
  readonly lock: Lock | 'inside';
};

export type CommunityResult = {
  readonly community: string;
  readonly lead: string;
  readonly members: readonly string[];
  readonly figures: CommunityFigures;
  readonly account: CommunityAccount;
};

/** How the budget of one scheme was split between its parts and its inpatient points. */
export type SchemeParts = {
  readonly scheme: SchemeCode;
  readonly budgetFen: bigint;
  readonly reference: ReferenceValue<'total-cost'>;
  /** undefined in a scheme without parts */
  readonly fundRatio: Fraction | undefined;
  readonly inpatientPoints4: bigint;
  readonly lines: readonly PartLine[];
  readonly shares: PoolShares;
  /** surplus of communities that goes to the residual account */
  readonly withheldFen: bigint;
  readonly communities: readonly CommunityResult[];
};

export type PartsResult = {
  readonly schemes: readonly SchemeParts[];
  /** whether the parts are paid in months */
  readonly isMonthly: boolean;
};

/** Tables of the parts, filled with what the area folder says; the results stay empty. */
export async function loadPartsFiles(engine: Engine, files: PartsFiles, tables: AreaTables): Promise<void> {
  await runScript(engine, sourceFile('payment/parts/parts_tables.sql'));
  const numberOf = new Map(tables.institutions.map((row, index) => [row.fixmedinsCode, index]));
  const kinds = new Map<string, number>();
  const kindOf = (row: { class: string; category: string }): number => {
    const key = `${row.class}\n${row.category}`;
    if (!kinds.has(key)) kinds.set(key, kinds.size);
    return kinds.get(key)!;
  };
  const tiers = Map.groupBy(
    files.bedDayRates.flatMap((row) => row.levels.map((level) => ({ kind: kindOf(row), level, row }))),
    ({ kind, level }) => `${kind} ${level}`,
  );
  await engine.append(
    'bed_day_rate',
    [...tiers.values()].flatMap((each) => {
      const ascending = each.toSorted((a, b) => a.row.firstDay - b.row.firstDay);
      return ascending.map(({ kind, level, row }, index) => {
        const next = ascending[index + 1]?.row.firstDay;
        return [kind, level, row.firstDay, next === undefined ? null : next - 1, row.fenPerDay];
      });
    }),
  );
  await engine.append(
    'bed_day_class',
    files.bedDayClasses.map((row) => [
      kindOf(row),
      row.class,
      row.category,
      row.diagnosisStart,
      row.fixmedinsCode === null ? null : numberOf.get(row.fixmedinsCode)!,
      row.minimumStay,
    ]),
  );
  await engine.append(
    'community_member',
    files.communityMembers.map((row) => [
      Number(row.scheme),
      numberOf.get(row.fixmedinsCode)!,
      row.community,
    ]),
  );
}

/** Whether the days of the stays must be kept when the lists are read. */
export const partsReadStays = (files: PartsFiles): boolean => files.bedDayClasses.length > 0;

/**
 * Takes the lists of the parts out of the inpatient ones (`inpatient_case`), makes the lines of all parts and splits the
 * budget of each scheme (`part_line`, `part_budget`). Needs `case_score`. Undefined when nothing is paid as a part.
 * @throws YibaoError when there is no fund ratio to convert by, or more is taken first than the budget has
 */
export async function settleParts(
  engine: Engine,
  files: PartsFiles,
  policy: Policy,
  tables: AreaTables,
  context: {
    readonly year: number;
    readonly areaMeanFen: Fraction;
    readonly startPointValues8: ReadonlyMap<string, bigint>;
  },
): Promise<PartsResult | undefined> {
  if (policy.choice('parts.reference') === 'none') {
    // looking millions of lists up in empty tables would cost a third of a second
    await engine.run('CREATE OR REPLACE VIEW inpatient_case AS SELECT * FROM case_score');
    return undefined;
  }
  await makeTable(engine, sourceFile('payment/parts/bed_day_list.sql'));
  await makeTable(engine, sourceFile('payment/parts/inpatient_case.sql'));
  const budgets = tables.budgets
    .filter((row) => row.year === context.year)
    .toSorted((a, b) => (a.scheme < b.scheme ? -1 : 1));
  const schemes: SchemeParts[] = [];
  for (const { scheme, budgetFen } of budgets) {
    schemes.push(await settleScheme(engine, files, policy, scheme, budgetFen, context));
  }
  const numberOf = new Map(tables.institutions.map((row, index) => [row.fixmedinsCode, index]));
  await engine.append(
    'part_line',
    schemes.flatMap(({ scheme, lines, shares }) =>
      lines.map((line, index) => [
        line.part,
        Number(scheme),
        numberOf.get(line.fixmedinsCode)!,
        line.item,
        line.amount.basis,
        line.quantity ?? null,
        line.amount.fen,
        line.fundFen,
        line.points4,
        line.lock,
        shares.due[index]!,
      ]),
    ),
  );
  await engine.append(
    'part_budget',
    schemes.map(({ scheme, shares, withheldFen }) => [Number(scheme), shares.inpatientFen, withheldFen]),
  );
  const isMonthly = paysPartsMonthly(policy);
  if (isMonthly) await settlePartMonths(engine, policy, schemes, numberOf);
  return { schemes, isMonthly };
}

async function settleScheme(
  engine: Engine,
  files: PartsFiles,
  policy: Policy,
  scheme: SchemeCode,
  budgetFen: bigint,
  context: {
    readonly year: number;
    readonly areaMeanFen: Fraction;
    readonly startPointValues8: ReadonlyMap<string, bigint>;
  },
): Promise<SchemeParts> {
  const totals = await engine.row(
    `SELECT coalesce(sum(points4), 0) AS points4, coalesce(sum(cost_fen), 0) AS cost_fen
       , coalesce(sum(fund_fen), 0) AS fund_fen
     FROM inpatient_case WHERE scheme = ?`,
    [Number(scheme)],
  );
  const reference = referenceOf(policy, context.areaMeanFen, context.startPointValues8.get(scheme)!);
  const inpatientPoints4 = BigInt(totals.points4 as bigint);
  const { communities, unconverted } = await collect(engine, files, policy, scheme);
  const withheldFen =
    communities.length > 0 && policy.choice('parts.community_unkept') === 'residual'
      ? communities.reduce((sum, each) => sum + each.account.unkeptFen, 0n)
      : 0n;
  const fundRatio =
    unconverted.length === 0
      ? undefined
      : fundRatioOf(policy, scheme, BigInt(totals.fund_fen as bigint), BigInt(totals.cost_fen as bigint));
  if (unconverted.length > 0 && reference.perPoint.numerator === 0n) {
    throw new YibaoError({ definition: partsErrors.noReference, field: 'parts.reference', value: scheme });
  }
  const lines = unconverted.map((line) => convert(line, reference, fundRatio!));
  const shares = sharePool(
    budgetFen,
    withheldFen,
    inpatientPoints4,
    lines,
    policy.fraction('parts.cap_ratio'),
  );
  if (shares === undefined) {
    const fixed = lines.filter((line) => line.lock === 'fixed').reduce((sum, line) => sum + line.fundFen, 0n);
    throw new YibaoError({
      definition: partsErrors.aboveBudget,
      file: 'budget.csv',
      field: 'budget',
      value: scheme,
      parameters: { amount: yuanText(fixed + withheldFen), budget: yuanText(budgetFen) },
    });
  }
  return {
    scheme,
    budgetFen,
    reference,
    fundRatio,
    inpatientPoints4,
    lines,
    shares,
    withheldFen,
    communities,
  };
}

/** The common reference point value, yuan of total cost per point. Source: docs/domain/parts.md#reference. */
function referenceOf(policy: Policy, areaMeanFen: Fraction, start8: bigint): ReferenceValue<'total-cost'> {
  switch (policy.choice('parts.reference')) {
    case 'given':
      return referenceValue(policy.fraction('parts.reference_value'));
    case 'mean-cost':
      return referenceValue(divide(divide(areaMeanFen, fraction(100n)), policy.fraction('score.mean_score')));
    default:
      return referenceValue(fraction(start8, 100_000_000n));
  }
}

function fundRatioOf(policy: Policy, scheme: SchemeCode, fundFen: bigint, costFen: bigint): Fraction {
  if (policy.choice('parts.fund_ratio') === 'given') return policy.fraction('parts.fund_ratio_value');
  if (fundFen > 0n) return fraction(fundFen, costFen);
  throw new YibaoError({
    definition: partsErrors.noFundRatio,
    file: 'settlement_lists',
    field: 'insutype',
    value: scheme,
  });
}

/** A line before its points: the fund part is known, or follows from the fund ratio. */
type Unconverted = Omit<PartLine, 'points4' | 'fundFen'> & { readonly fundFen: bigint | 'pooled-ratio' };

function convert(line: Unconverted, reference: ReferenceValue<'total-cost'>, fundRatio: Fraction): PartLine {
  const { fundFen, ...rest } = line;
  const fund =
    fundFen === 'pooled-ratio' ? roundTo(multiply(fraction(line.amount.fen), fundRatio), 0) : fundFen;
  // what a community has in its total must not bring points as well
  if (line.lock === 'inside') return { ...rest, fundFen: fund, points4: 0n };
  const points4 =
    line.amount.basis === 'fund'
      ? toPoints4(amountOf('fund', line.amount.fen), onFundBasis(reference, fundRatio))
      : toPoints4(amountOf('total-cost', line.amount.fen), reference);
  return { ...rest, fundFen: fund, points4 };
}

const byCode = (a: Unconverted, b: Unconverted) =>
  a.fixmedinsCode === b.fixmedinsCode
    ? a.item < b.item
      ? -1
      : 1
    : a.fixmedinsCode < b.fixmedinsCode
      ? -1
      : 1;

async function collect(
  engine: Engine,
  files: PartsFiles,
  policy: Policy,
  scheme: SchemeCode,
): Promise<{ communities: CommunityResult[]; unconverted: Unconverted[] }> {
  const inScheme = <Row extends { readonly scheme: SchemeCode }>(rows: readonly Row[]) =>
    rows.filter((row) => row.scheme === scheme);
  const members = inScheme(files.communityMembers);
  const communityOf = new Map(members.map((row) => [row.fixmedinsCode, row.community]));
  const lock = (parameter: PartParameter, fixmedinsCode: string): Lock | 'inside' =>
    communityOf.has(fixmedinsCode) ? 'inside' : lockOf(policy, parameter)!;

  const bedDays = await bedDayLines(engine, policy, scheme);
  const rates = new Map(inScheme(files.capitationRates).map((row) => [row.class, row]));
  const capitation = inScheme(files.capitation).map((row): Unconverted & { fundFen: bigint } => {
    const rate = rates.get(row.class)!;
    const fen = capitationFen(row.people, rate.perCapitaFen, rate.riskFactor4);
    return {
      part: 'capitation',
      fixmedinsCode: row.fixmedinsCode,
      item: row.class,
      amount: amountOf('fund', fen),
      quantity: row.people,
      fundFen: fen,
      lock: lock('parts.capitation', row.fixmedinsCode),
    };
  });
  const fees = inScheme(files.feesForService).map((row): Unconverted & { fundFen: bigint } => ({
    part: 'fee-for-service',
    fixmedinsCode: row.fixmedinsCode,
    item: row.item,
    amount: amountOf('fund', row.fundFen),
    quantity: undefined,
    fundFen: row.fundFen,
    lock: lock('parts.fee_for_service', row.fixmedinsCode),
  }));
  const spent = await bookedOfCommunities(engine, scheme);
  for (const line of [...capitation, ...fees]) {
    const community = communityOf.get(line.fixmedinsCode);
    if (community !== undefined) spent.set(community, (spent.get(community) ?? 0n) + line.fundFen);
  }
  const communities = inScheme(files.communityBudgets)
    .toSorted((a, b) => (a.community < b.community ? -1 : 1))
    .map((row) => communityResult(row, files, policy, spent.get(row.community) ?? 0n));
  const total = communities.map(
    (each): Unconverted => ({
      part: 'community',
      fixmedinsCode: each.lead,
      item: each.community,
      amount: amountOf('fund', each.account.dueFen),
      quantity: each.figures.people,
      fundFen: each.account.dueFen,
      lock: lockOf(policy, 'parts.community')!,
    }),
  );
  return {
    communities,
    unconverted: [
      ...bedDays.toSorted(byCode),
      ...capitation.toSorted(byCode),
      ...fees.toSorted(byCode),
      ...total.toSorted(byCode),
    ],
  };
}

async function bedDayLines(engine: Engine, policy: Policy, scheme: SchemeCode): Promise<Unconverted[]> {
  const lock = lockOf(policy, 'parts.bed_day');
  if (lock === undefined) return [];
  const fund = policy.choice('parts.bed_day_fund');
  const rows = await engine.rows(
    `SELECT i.fixmedins_code, b.class, b.category, CAST(sum(b.days) AS BIGINT) AS days
       , CAST(sum(b.amount_fen) AS BIGINT) AS amount_fen, CAST(sum(b.less_patient_fen) AS BIGINT) AS less_patient_fen
     FROM bed_day_list AS b JOIN institution AS i ON i.institution_no = b.institution_no
     WHERE b.scheme = ?
     GROUP BY i.fixmedins_code, b.class, b.category ORDER BY i.fixmedins_code, b.class, b.category`,
    [Number(scheme)],
  );
  return rows.map((row) => {
    const fen = row.amount_fen as bigint;
    return {
      part: 'bed-day',
      fixmedinsCode: String(row.fixmedins_code),
      item: [row.class, row.category].filter((text) => text !== null && text !== '').join('/'),
      amount: amountOf(fund === 'whole' ? 'fund' : 'total-cost', fen),
      quantity: row.days as bigint,
      fundFen: fund === 'whole' ? fen : fund === 'pooled-ratio' ? fund : (row.less_patient_fen as bigint),
      lock,
    };
  });
}

/** Fund money booked on the lists of each community. */
async function bookedOfCommunities(engine: Engine, scheme: SchemeCode): Promise<Map<string, bigint>> {
  const rows = await engine.rows(
    `SELECT m.community, CAST(sum(c.fund_fen) AS HUGEINT) AS fund_fen
     FROM community_member AS m
     JOIN case_score AS c ON c.scheme = m.scheme AND c.institution_no = m.institution_no
     WHERE m.scheme = ? GROUP BY m.community ORDER BY m.community`,
    [Number(scheme)],
  );
  return new Map(rows.map((row) => [String(row.community), BigInt(row.fund_fen as bigint)]));
}

function communityResult(
  row: CommunityBudget,
  files: PartsFiles,
  policy: Policy,
  bookedFen: bigint,
): CommunityResult {
  const members = files.communityMembers.filter(
    (each) => each.scheme === row.scheme && each.community === row.community,
  );
  const figures: CommunityFigures = {
    people: row.people ?? 0n,
    perCapitaFen: row.perCapitaFen ?? 0n,
    lastYearFundFen: row.lastYearFundFen ?? 0n,
    majorIllnessFen: row.majorIllnessFen,
    outOfAreaFen: row.outOfAreaFen,
    inCountyFen: row.inCountyFen ?? bookedFen,
    outOfCountyFen: row.outOfCountyFen,
    reasonableDeficitFen: row.reasonableDeficitFen,
    score: evaluationScore(files.communityScores.filter((each) => each.community === row.community)),
  };
  const account = communityAccount(figures, communityRule(policy));
  if (account.totalFen < 0n) {
    throw new YibaoError({
      definition: partsErrors.negativeTotal,
      file: 'community_budgets.csv',
      row: row.row,
      field: 'community',
      value: row.community,
      parameters: { amount: yuanText(account.totalFen) },
    });
  }
  return {
    community: row.community,
    lead: members.find((each) => each.role === 'lead')!.fixmedinsCode,
    members: members.map((each) => each.fixmedinsCode).toSorted(byText),
    figures,
    account,
  };
}
