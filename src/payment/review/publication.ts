/** Figures of one institution in one period; money in fen. */
export type Cell = {
  /** 0, 1, 2 … in the order of time */
  readonly period: number;
  readonly fixmedinsCode: string;
  readonly applications: number;
  readonly passes: number;
  readonly discharges: number;
  /** fund for all its cases */
  readonly fundFen: bigint;
  /** fund for the cases that passed */
  readonly reviewedFundFen: bigint;
  /** what the review added to what the points of these cases were worth before */
  readonly addedFen: bigint;
};
export type Figures = Omit<Cell, 'period' | 'fixmedinsCode'>;

/** A row to publish: periods `from` to `to`; one institution, or all that are not named. */
export type PublicRow = Figures & {
  readonly from: number;
  readonly to: number;
  /** undefined: the other institutions together, or the whole period (`whole`) */
  readonly fixmedinsCode: string | undefined;
  readonly whole: boolean;
  /** applications, passes and their money are too few to be shown and must be left out */
  readonly hidden: boolean;
};

const NOTHING: Figures = {
  applications: 0,
  passes: 0,
  discharges: 0,
  fundFen: 0n,
  reviewedFundFen: 0n,
  addedFen: 0n,
};

const add = (a: Figures, b: Figures): Figures => ({
  applications: a.applications + b.applications,
  passes: a.passes + b.passes,
  discharges: a.discharges + b.discharges,
  fundFen: a.fundFen + b.fundFen,
  reviewedFundFen: a.reviewedFundFen + b.reviewedFundFen,
  addedFen: a.addedFen + b.addedFen,
});
const total = (cells: readonly Cell[]): Figures => cells.reduce<Figures>(add, NOTHING);

/** Nobody can be told from the figures: no application, or enough of them and none or enough that passed. */
const isSafe = ({ applications, passes }: Figures, minimum: number): boolean =>
  applications === 0 || (applications >= minimum && (passes === 0 || passes >= minimum));

/**
 * The figures to publish, so that no row rests on fewer than `minimum` cases and none can be had as the difference of
 * rows: small periods are joined with the next, small institutions are shown together, and where the rest is still too
 * small the smallest institution joins it. The rows of a period add up to its whole, where it has rows beside the whole.
 * Source: interim measures chapter 5 (what is published), docs/domain/review.md#publication; the minimum is a choice.
 */
export function publicRows(cells: readonly Cell[], minimum: number): PublicRow[] {
  return joinedPeriods(cells, minimum).flatMap((own) => {
    const periods = own.map((cell) => cell.period);
    const span = { from: Math.min(...periods), to: Math.max(...periods) };
    const whole = total(own);
    const row = (figures: Figures, fixmedinsCode?: string): PublicRow => ({
      ...span,
      fixmedinsCode,
      whole: false,
      hidden: false,
      ...figures,
    });
    const ofWhole: PublicRow = { ...row(whole), whole: true };
    if (!isSafe(whole, minimum)) return [{ ...ofWhole, hidden: true }];
    const institutions = [...Map.groupBy(own, (cell) => cell.fixmedinsCode)]
      .map(([code, mine]) => ({ code, figures: total(mine) }))
      .sort((a, b) => (a.code < b.code ? -1 : 1));
    const named = institutions.filter(({ figures }) => figures.applications > 0 && isSafe(figures, minimum));
    let others = institutions
      .filter((each) => !named.includes(each))
      .reduce((sum, { figures }) => add(sum, figures), NOTHING);
    while (!isSafe(others, minimum)) {
      const least = named.reduce((a, b) => (b.figures.applications < a.figures.applications ? b : a));
      named.splice(named.indexOf(least), 1);
      others = add(others, least.figures);
    }
    if (named.length === 0) return [ofWhole];
    const rest = others.discharges > 0 ? [row(others)] : [];
    return [...named.map(({ code, figures }) => row(figures, code)), ...rest, ofWhole];
  });
}

/** The cells by period, neighbouring periods together until each is safe. */
function joinedPeriods(cells: readonly Cell[], minimum: number): Cell[][] {
  const periods = [...Map.groupBy(cells, (cell) => cell.period)]
    .sort(([a], [b]) => a - b)
    .map(([, own]) => own);
  const joined: Cell[][] = [];
  let open: Cell[] = [];
  for (const own of periods) {
    open = [...open, ...own];
    if (!isSafe(total(open), minimum)) continue;
    joined.push(open);
    open = [];
  }
  while (open.length > 0) {
    const before = joined.pop();
    open = [...(before ?? []), ...open];
    if (before !== undefined && !isSafe(total(open), minimum)) continue;
    joined.push(open);
    open = [];
  }
  return joined;
}

/** Splits a total by weights without losing a fen: floors, then one each to the largest remainders, ties to the first. */
export function allocate(totalFen: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n) return weights.map(() => 0n);
  const parts = weights.map((weight, index) => {
    const product = totalFen * weight;
    const floor = product / sum - (product % sum < 0n ? 1n : 0n);
    return { index, floor, remainder: product - floor * sum };
  });
  const left = Number(totalFen - parts.reduce((a, { floor }) => a + floor, 0n));
  const lucky = new Set(
    parts
      .toSorted((a, b) =>
        a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
      )
      .slice(0, left)
      .map(({ index }) => index),
  );
  return parts.map(({ index, floor }) => floor + (lucky.has(index) ? 1n : 0n));
}
