import { type Problem, YibaoError } from '#kernel/errors.ts';
import { add, compare, type Fraction, fraction, ONE } from '#kernel/fraction.ts';
import type { Text } from '#kernel/locale.ts';
import * as errors from '#policy/errors.ts';
import type { DatedValue, LayerName, PolicyLayer } from '#policy/layer.ts';
import {
  type Band,
  type BandsParameter,
  type ChoiceParameter,
  type DecimalParameter,
  type IntegerParameter,
  type IntegersParameter,
  isParameterName,
  type OptionOf,
  PARAMETER_NAMES,
  PARAMETERS,
  type ParameterDefinition,
  type ParameterName,
  type ParameterValue,
  type StepsParameter,
  type TextParameter,
} from '#policy/parameters.ts';
import type { BenefitParameter } from '#policy/registry/benefits.ts';
import { type LayerStatement, statementOf } from '#policy/statement.ts';
import type { Unit } from '#policy/titles.ts';

/** Which policy: the layers, outermost first, seen by two clocks. */
export type PolicyQuestion = {
  readonly layers: readonly PolicyLayer[];
  /** The day whose rules are asked for. */
  readonly asOf: Temporal.PlainDate;
  /** Values recorded after this day are ignored, so that an old settlement can be reproduced; absent: none are. */
  readonly knownAt?: Temporal.PlainDate | undefined;
};

/** Parameters that a payment year is settled by; the tables of benefits are read by `tablesInForce`. */
const PAYMENT_PARAMETERS = PARAMETER_NAMES.filter((name) => PARAMETERS[name].kind !== 'table');
const TABLES = PARAMETER_NAMES.filter((name): name is BenefitParameter => PARAMETERS[name].kind === 'table');

/** A value in force with where it comes from. */
export type ResolvedValue = Omit<DatedValue, 'value'> & {
  readonly value: ParameterValue;
  readonly layer: LayerName;
  readonly area: string;
  readonly areaName: string | null;
};

/** The values in force on one day of every parameter that the choices of the policy make its steps read. */
export type Policy = {
  readonly asOf: Temporal.PlainDate;
  readonly knownAt: Temporal.PlainDate | null;
  readonly values: Readonly<Partial<Record<ParameterName, ResolvedValue>>>;
  /** The same as plain data in the order of the parameters, for results and explanations. */
  readonly sources: readonly ParameterSource[];
  // Each throws a TypeError for a parameter that the choices of the policy leave unread: the step that asks is wrong.
  integer(name: IntegerParameter): bigint;
  fraction(name: DecimalParameter | IntegerParameter): Fraction;
  integers(name: IntegersParameter): readonly bigint[];
  bands(name: BandsParameter): readonly Band[];
  choice<Name extends ChoiceParameter>(name: Name): OptionOf<Name>;
  steps<Name extends StepsParameter>(name: Name): readonly OptionOf<Name>[];
  text(name: TextParameter): string;
};

/** A parameter's value in force and where it comes from, as plain data. */
export type ParameterSource = LayerStatement & {
  readonly parameter: ParameterName;
  readonly title: Text;
  readonly unit: Unit;
};

/**
 * What one layer says on a day: of the values that have started and are known, the one that started last, and of
 * those with one start the one recorded last. undefined: the layer is silent.
 */
export function valueOfLayer(
  layer: PolicyLayer,
  parameter: ParameterName,
  asOf: Temporal.PlainDate,
  knownAt: Temporal.PlainDate | undefined,
): DatedValue | undefined {
  const compareDates = Temporal.PlainDate.compare;
  let latest: DatedValue | undefined;
  for (const value of layer.values) {
    if (value.parameter !== parameter || compareDates(value.effectiveFrom, asOf) > 0) continue;
    if (knownAt && value.recorded && compareDates(value.recorded, knownAt) > 0) continue;
    if (latest === undefined || isLater(value, latest)) latest = value;
  }
  return latest;
}

function isLater(a: DatedValue, b: DatedValue): boolean {
  const byStart = Temporal.PlainDate.compare(a.effectiveFrom, b.effectiveFrom);
  if (byStart !== 0) return byStart > 0;
  if (a.recorded === null || b.recorded === null) return a.recorded !== null;
  return Temporal.PlainDate.compare(a.recorded, b.recorded) > 0;
}

/** The value in force: that of the nearest layer which says one and has not ended it. */
export function resolveValue(question: PolicyQuestion, parameter: ParameterName): ResolvedValue | undefined {
  for (const layer of question.layers.toReversed()) {
    const said = valueOfLayer(layer, parameter, question.asOf, question.knownAt);
    if (said?.value) {
      return { ...said, value: said.value, layer: layer.layer, area: layer.area, areaName: layer.name };
    }
  }
  return undefined;
}

/**
 * The benefit tables in force: of each parameter what every layer says, nearest first, since a row of an outer layer
 * still holds where no row of a nearer one fits.
 */
export function tablesInForce(
  question: PolicyQuestion,
): ReadonlyMap<BenefitParameter, readonly ResolvedValue[]> {
  const layers = question.layers.toReversed();
  return new Map(
    TABLES.map((parameter) => [
      parameter,
      layers.flatMap((layer) => {
        const said = valueOfLayer(layer, parameter, question.asOf, question.knownAt);
        if (!said?.value) return [];
        return [{ ...said, value: said.value, layer: layer.layer, area: layer.area, areaName: layer.name }];
      }),
    ]),
  );
}

/**
 * The whole policy in force. Throws one YibaoError with every parameter that has no value
 * (`policy.missing-value`) and every contradiction (`policy.inconsistent-values`).
 */
export function resolvePolicy(question: PolicyQuestion): Policy {
  const said = new Map(PAYMENT_PARAMETERS.map((name) => [name, resolveValue(question, name)]));
  const isRead = (name: ParameterName): boolean => {
    const { when }: ParameterDefinition = PARAMETERS[name];
    if (!when) return true;
    if (!isParameterName(when.parameter)) throw new TypeError(`${name} depends on ${when.parameter}`);
    if (!isRead(when.parameter)) return false;
    const value = said.get(when.parameter)?.value;
    const chosen = value?.kind === 'steps' ? value.steps : [value?.text ?? ''];
    return chosen.some((option) => when.is.includes(option));
  };
  const read = PAYMENT_PARAMETERS.filter(isRead);
  const missing = read.filter((name) => !said.get(name));
  if (missing.length > 0) throw new YibaoError(missing.map((name) => missingValue(question, name)));

  const values: Partial<Record<ParameterName, ResolvedValue>> = Object.fromEntries(
    read.map((name) => [name, said.get(name)!]),
  );
  const inForce = <Kind extends ParameterValue['kind']>(name: ParameterName, kinds: readonly Kind[]) => {
    const value = values[name]?.value;
    if (!value) throw new TypeError(`${name} is not read under this policy`);
    if (!kinds.some((kind) => kind === value.kind)) throw new TypeError(`${name} is ${value.kind}`);
    return value as Extract<ParameterValue, { kind: Kind }>;
  };
  const policy: Policy = {
    asOf: question.asOf,
    knownAt: question.knownAt ?? null,
    values,
    sources: read.map((name) => sourceOf(values[name]!)),
    integer: (name) => inForce(name, ['integer']).integer,
    fraction: (name) => {
      const value = inForce(name, ['integer', 'decimal']);
      return value.kind === 'integer' ? fraction(value.integer) : value.decimal;
    },
    integers: (name) => inForce(name, ['integers']).integers,
    bands: (name) => inForce(name, ['bands']).bands,
    choice: <Name extends ChoiceParameter>(name: Name) => inForce(name, ['choice']).choice as OptionOf<Name>,
    steps: <Name extends StepsParameter>(name: Name) =>
      inForce(name, ['steps']).steps as readonly OptionOf<Name>[],
    text: (name) => inForce(name, ['text']).text,
  };
  checkConsistency(policy);
  return policy;
}

/** A value in force as plain data with its layer. */
export function layerStatementOf(value: ResolvedValue): LayerStatement {
  return { ...statementOf(value), layer: value.layer, area: value.area, name: value.areaName };
}

function sourceOf(value: ResolvedValue): ParameterSource {
  const { title, unit } = PARAMETERS[value.parameter];
  return { parameter: value.parameter, title, unit, ...layerStatementOf(value) };
}

function missingValue(question: PolicyQuestion, field: ParameterName): Problem {
  const ended = question.layers
    .toReversed()
    .map((layer) => valueOfLayer(layer, field, question.asOf, question.knownAt))
    .find((said) => said !== undefined);
  return {
    definition: errors.MISSING_VALUE,
    ...(ended ? { file: ended.file, row: ended.line } : {}),
    field,
    parameters: { date: question.asOf.toString() },
  };
}

/**
 * What must hold between parameters. That low_ratio ≤ 1 ≤ high_ratio is in their ranges already; it is each
 * value's own matter and is refused where the value is written.
 */
function checkConsistency(policy: Policy): void {
  checkClearing(policy);
  checkDeviation(policy);
  const written = policy.values['grouping.comprehensive_diagnosis_length'];
  if (!written) return;
  const core = policy.integer('grouping.core_diagnosis_length');
  const comprehensive = policy.integer('grouping.comprehensive_diagnosis_length');
  if (comprehensive > core) {
    const { file, line } = written;
    throw new YibaoError({
      definition: errors.INCONSISTENT_VALUES,
      file,
      row: line,
      parameters: {
        condition: 'grouping.comprehensive_diagnosis_length ≤ grouping.core_diagnosis_length',
        found: `${comprehensive} > ${core}`,
      },
    });
  }
}

/** A limit for extreme cases below that for high ones would take points away from cases that are not even high. */
function checkDeviation(policy: Policy): void {
  const [extreme, high] = [policy.values['deviation.extreme_ratio'], policy.values['deviation.high_ratio']];
  if (!extreme || !high) return;
  if (compare(policy.fraction('deviation.high_ratio'), policy.fraction('deviation.extreme_ratio')) <= 0)
    return;
  throw new YibaoError({
    definition: errors.INCONSISTENT_VALUES,
    file: extreme.file,
    row: extreme.line,
    parameters: {
      condition: 'deviation.high_ratio ≤ deviation.extreme_ratio',
      found: `${high.value.text} > ${extreme.value.text}`,
    },
  });
}

/** The choices of the clearing that exclude each other. */
function checkClearing(policy: Policy): void {
  const refuse = (name: ParameterName, condition: string, found: string) => {
    const value = policy.values[name];
    throw new YibaoError({
      definition: errors.INCONSISTENT_VALUES,
      ...(value ? { file: value.file, row: value.line } : {}),
      parameters: { condition, found },
    });
  };
  if (policy.choice('deposit.mode') === 'assessed') {
    const [paid, kept] = [policy.fraction('payment.monthly_ratio'), policy.fraction('deposit.ratio')];
    if (compare(add(paid, kept), ONE) > 0) {
      const text = (name: ParameterName) => policy.values[name]?.value.text ?? '';
      refuse(
        'deposit.ratio',
        'payment.monthly_ratio + deposit.ratio ≤ 1',
        `${text('payment.monthly_ratio')} + ${text('deposit.ratio')} > 1`,
      );
    }
  }
  if (
    policy.choice('point_value.mode') === 'elastic' &&
    policy.choice('point_value.method') === 'ratio-own'
  ) {
    refuse(
      'point_value.mode',
      'point_value.mode = elastic ⇒ point_value.method = deduction | ratio-pooled',
      'point_value.method = ratio-own',
    );
  }
  const steps = policy.steps('clearing.steps');
  if (steps.includes('deposit') !== (policy.choice('deposit.mode') === 'assessed')) {
    refuse(
      'clearing.steps',
      'clearing.steps ∋ deposit ⇔ deposit.mode = assessed',
      `clearing.steps = ${steps.join(' > ')}, deposit.mode = ${policy.choice('deposit.mode')}`,
    );
  }
  const fund = steps.indexOf('adjustment-fund');
  if (fund >= 0 && (fund < steps.length - 1 || !steps.includes('bands'))) {
    refuse(
      'clearing.steps',
      'clearing.steps = … > bands > … > adjustment-fund',
      `clearing.steps = ${steps.join(' > ')}`,
    );
  }
  if (policy.choice('point_value.start_trimming') === 'group-quantiles') {
    const [low, high] = [policy.fraction('point_value.trim_low'), policy.fraction('point_value.trim_high')];
    if (compare(low, high) >= 0) {
      refuse('point_value.trim_low', 'point_value.trim_low < point_value.trim_high', 'trim_low ≥ trim_high');
    }
  }
}
