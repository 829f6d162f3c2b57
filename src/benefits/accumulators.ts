import type { AccumulatorChange, Accumulators, Settlement } from '#benefits/types.ts';

/**
 * Codes of the accumulators:
 * `admissions`, `total-fee`, `own`, `over-limit`, `prior`, `in-scope`, `entered`: counts and fees of the year, the last those that
 * entered the bands;
 * `deductible-paid`, `deductible:<account>`, `deductible-year:<account>`, `bands:<account>`, `rest:<step>`: deductible paid, of a yearly
 * deductible, against a yearly limit of deductibles, fee in cumulative bands, rests below a fen;
 * `paid:<fund>`, `account-paid`: what funds and accounts paid; `cap:<account>`, `care-cap:<account>[:<period>]`: what counts against a cap;
 * `base:<layer>`, `layer-cap:<account>`, `layer-paid:<layer>`: compliant amount and payments of the layers above the pool;
 * `incentive-used`: what catastrophic insurance paid beyond its cap without the incentive;
 * `stay:<id>:…`: deductible and bands of a stay that goes on; `balance:own`, `balance:family:<id>`: personal accounts.
 */
export const noAccumulators = (year: number): Accumulators => ({ year, values: {} });

export const INCENTIVE_USED = 'incentive-used';

const CODE =
  /^(admissions|total-fee|own|over-limit|prior|in-scope|entered|deductible-paid|account-paid|incentive-used|(deductible|deductible-year|bands|rest|paid|cap|care-cap|base|layer-cap|layer-paid|stay|balance):.+)$/;
/** Whether a file may give this accumulator. */
export const isAccumulator = (code: string): boolean => CODE.test(code);

/** Parts of a code that outlive the year: balances and stays that go on. */
const LASTING = /^(balance|stay):/;

/** The same person at the start of another year. */
export function accumulatorsOfYear(accumulators: Accumulators, year: number): Accumulators {
  if (accumulators.year === year) return accumulators;
  const values = Object.fromEntries(
    Object.entries(accumulators.values).filter(([code]) => LASTING.test(code)),
  );
  return { year, values };
}

/** The accumulators after some changes; an entry that becomes zero goes, so that undoing restores the very same set. */
export function withChanges(accumulators: Accumulators, changes: readonly AccumulatorChange[]): Accumulators {
  const values: Record<string, number> = { ...accumulators.values };
  for (const { code, after } of changes) {
    if (after === 0) delete values[code];
    else values[code] = after;
  }
  return { year: accumulators.year, values };
}

/** What settlements of one year, reversals among them, add up to from a starting set (I11). */
export function sumOfSettlements(start: Accumulators, settlements: readonly Settlement[]): Accumulators {
  const values: Record<string, number> = { ...start.values };
  for (const { code, change } of settlements.flatMap((settlement) => settlement.changes)) {
    const sum = (values[code] ?? 0) + change;
    if (sum === 0) delete values[code];
    else values[code] = sum;
  }
  return { year: start.year, values };
}

/** One row of 5206: the cum_type_code seen in practice and its value in fen, or a count. */
export type CumulativeType = { readonly code: string; readonly value: number };

const DIRECT: Readonly<Record<string, string>> = {
  admissions: 'C0000',
  'total-fee': 'F0000',
  'account-paid': 'D310201',
  'deductible-paid': 'Q0000',
  entered: 'S0000',
  'base:catastrophic': 'TS390201',
  'base:assistance': 'TS610101',
  prior: 'Z0000_LAB102',
};

/** The accumulators by the codes of cumulative_types, ordered by code. */
export function cumulativeTypes({ values }: Accumulators): CumulativeType[] {
  const sums = new Map<string, number>();
  const add = (code: string, value: number) => sums.set(code, (sums.get(code) ?? 0) + value);
  for (const [code, value] of Object.entries(values)) {
    const direct = DIRECT[code];
    if (direct) add(direct, value);
    else if (code === 'own') add('Z0000_LAB101', value);
    else if (code === 'over-limit') add('Z0000_LAB103', value);
    else if (code.startsWith('paid:')) {
      const fund = code.slice('paid:'.length);
      add(`D${fund.endsWith('00') ? `${fund.slice(0, -1)}1` : fund}`, value);
    }
  }
  return [...sums].map(([code, value]) => ({ code, value })).toSorted((a, b) => (a.code < b.code ? -1 : 1));
}
