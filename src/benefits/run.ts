import type { Plan } from '#benefits/plan.ts';
import type { FundPayment, Person, SelfPart, Step, Visit } from '#benefits/types.ts';
import type { Component } from '#policy/registry/benefit-layers.ts';

/** A step while later ones may still take over what it leaves to the person. */
export type DraftStep = {
  -readonly [Key in keyof Omit<Step, 'selfPayFen' | 'selfParts'>]: Step[Key];
} & { readonly parts: { readonly component: SelfPart['component']; fen: number }[] };

/**
 * A piece of what the person pays and the step it belongs to. Pots keep the order in which the fee arose (deductible, bands,
 * above the cap), and so do the pieces they are split into: over a year, layers walk through the same order however visits are cut.
 */
export type Pot = { readonly component: SelfPart['component']; owner: DraftStep; fen: number };

/** A settlement being worked out: what it has changed so far, its steps and payments. */
export type Run = {
  readonly plan: Plan;
  readonly person: Person;
  readonly visit: Visit;
  readonly values: Readonly<Record<string, number>>;
  /** codes of accumulators and by how much they change */
  readonly changes: Map<string, number>;
  readonly steps: DraftStep[];
  pots: Pot[];
  readonly funds: FundPayment[];
};

/** The value of an accumulator with the changes of this settlement. */
export const heldOf = (run: Run, code: string): number =>
  (run.values[code] ?? 0) + (run.changes.get(code) ?? 0);

export function addTo(run: Run, code: string, change: number): void {
  if (change !== 0) run.changes.set(code, (run.changes.get(code) ?? 0) + change);
}

/** Adds a step; what stays with the person of it becomes a pot. */
export function addStep(
  run: Run,
  step: Omit<DraftStep, 'parts'>,
  component: SelfPart['component'],
  selfFen: number,
): void {
  const owner: DraftStep = { ...step, parts: [] };
  run.steps.push(owner);
  if (selfFen > 0) run.pots.push({ component, owner, fen: selfFen });
}

/** A step in which no fund pays: what entered stays with the person. */
export function addOwnStep(
  run: Run,
  code: string,
  layer: string,
  component: SelfPart['component'],
  fen: number,
  parameters: readonly string[],
): void {
  if (fen === 0) return;
  addStep(
    run,
    { code, layer, baseFen: fen, ratio: 0, fund: undefined, fundPayFen: 0, parameters },
    component,
    fen,
  );
}

/** Takes an amount off the pots of some components, the last ones first. */
export function takeOff(run: Run, components: ReadonlySet<Component>, fen: number): void {
  let left = fen;
  for (let index = run.pots.length - 1; index >= 0 && left > 0; index--) {
    const pot = run.pots[index]!;
    if (!components.has(pot.component as Component)) continue;
    const taking = Math.min(left, pot.fen);
    pot.fen -= taking;
    left -= taking;
  }
  if (left > 0) throw new TypeError(`${left} fen more are taken off than the person has to pay`);
}

/** What stays with the person of some components. */
export function sharedWith({ pots }: Run, components: ReadonlySet<Component>): number {
  let sum = 0;
  for (const { component, fen } of pots) if (components.has(component as Component)) sum += fen;
  return sum;
}

/** The key of a period of the visit’s day: `2025-03`, `2025Q1`, `2025-03-02`, or of the visit alone. */
export function periodCode(code: string, period: Plan['careCapPeriod'], visit: Visit): string | undefined {
  switch (period) {
    case 'year':
      return code;
    case 'quarter':
      return `${code}:Q${Math.ceil(Number(visit.date.slice(5, 7)) / 3)}`;
    case 'month':
      return `${code}:${visit.date.slice(5, 7)}`;
    case 'day':
      return `${code}:${visit.date.slice(5)}`;
    case 'visit':
      return visit.stay === undefined ? undefined : `stay:${visit.stay}:${code}`;
  }
}
