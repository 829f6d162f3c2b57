import { YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';
import { policyDateOfYear } from '#policy/dates.ts';
import { DATES_REVERSED } from '#policy/errors.ts';
import type { PolicyLayer } from '#policy/layer.ts';
import { PARAMETER_NAMES, PARAMETERS, type ParameterName } from '#policy/parameters.ts';
import { layerStatementOf, type ResolvedValue, resolveValue } from '#policy/resolve.ts';
import type { LayerStatement } from '#policy/statement.ts';
import type { Unit } from '#policy/titles.ts';

/** On `date` the value or its source becomes another. null: no layer has a value in force. */
export type PolicyChange = {
  readonly date: string;
  readonly parameter: ParameterName;
  readonly title: Text;
  readonly unit: Unit;
  /** `source`: the number stays, the document, article or layer it comes from is another. */
  readonly kind: 'value' | 'source';
  readonly before: LayerStatement | null;
  readonly after: LayerStatement | null;
};

/** Plain data, can be written as JSON as it is. */
export type PolicyDiff = {
  readonly from: string;
  readonly to: string;
  readonly knownAt: string | null;
  /** By date, then in the order of the parameters. */
  readonly changes: readonly PolicyChange[];
};

export type DiffQuestion = {
  readonly layers: readonly PolicyLayer[];
  readonly from: Temporal.PlainDate;
  readonly to: Temporal.PlainDate;
  readonly knownAt?: Temporal.PlainDate | undefined;
};

/** Every change after `from`, up to and including `to`. Throws `policy.dates-reversed`. */
export function diffPolicies(question: DiffQuestion): PolicyDiff {
  const { layers, from, to, knownAt } = question;
  if (Temporal.PlainDate.compare(from, to) > 0) {
    throw new YibaoError({
      definition: DATES_REVERSED,
      parameters: { from: from.toString(), to: to.toString() },
    });
  }
  const changes: PolicyChange[] = [];
  for (const parameter of PARAMETER_NAMES) {
    let before = resolveValue({ layers, asOf: from, knownAt }, parameter);
    for (const date of startDates(question, parameter)) {
      const after = resolveValue({ layers, asOf: Temporal.PlainDate.from(date), knownAt }, parameter);
      const kind = kindOfChange(before, after);
      if (kind) {
        const { title, unit } = PARAMETERS[parameter];
        changes.push({
          date,
          parameter,
          title,
          unit,
          kind,
          before: before ? layerStatementOf(before) : null,
          after: after ? layerStatementOf(after) : null,
        });
      }
      before = after;
    }
  }
  // A stable sort keeps the order of the parameters within one date.
  changes.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  return { from: from.toString(), to: to.toString(), knownAt: knownAt?.toString() ?? null, changes };
}

/**
 * Values that change during a payment year, after its first of January. The year is settled under the policy of
 * that day, so each of these deserves a warning.
 */
export function policyChangesWithin(
  layers: readonly PolicyLayer[],
  year: number,
  knownAt?: Temporal.PlainDate,
): readonly PolicyChange[] {
  const from = policyDateOfYear(year);
  const to = policyDateOfYear(year + 1).subtract({ days: 1 });
  return diffPolicies({ layers, from, to, knownAt }).changes.filter(
    // benefits follow the day of the visit, not the first of January
    (change) => change.kind === 'value' && PARAMETERS[change.parameter].kind !== 'table',
  );
}

function startDates({ layers, from, to }: DiffQuestion, parameter: ParameterName): string[] {
  const compare = Temporal.PlainDate.compare;
  const dates = layers
    .flatMap((layer) => layer.values)
    .filter((value) => value.parameter === parameter)
    .map((value) => value.effectiveFrom)
    .filter((date) => compare(date, from) > 0 && compare(date, to) <= 0);
  return [...new Set(dates.map(String))].sort();
}

function kindOfChange(
  before: ResolvedValue | undefined,
  after: ResolvedValue | undefined,
): PolicyChange['kind'] | undefined {
  if (before?.value.text !== after?.value.text) return 'value';
  return sourceKey(before) === sourceKey(after) ? undefined : 'source';
}

const sourceKey = (value: ResolvedValue | undefined): string =>
  JSON.stringify(value && [value.layer, value.area, value.source.document.id, value.source.article]);
