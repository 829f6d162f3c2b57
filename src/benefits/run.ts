import type { Plan } from '#benefits/plan.ts';
import type { FundPayment, Person, SelfPart, Step, Visit } from '#benefits/types.ts';
import type { Component } from '#policy/registry/benefit-layers.ts';

/** A step while later ones may still take over what it leaves to the person. */
export type DraftStep = Omit<Step, 'selfPayFen' | 'selfParts'> & {
  readonly parts: { readonly component: SelfPart['component']; fen: number }[];
};

/** A settlement being worked out: what it has changed so far, its steps and payments. */
export type Run = {
  readonly plan: Plan;
  readonly person: Person;
  readonly visit: Visit;
  readonly values: Readonly<Record<string, number>>;
  /** codes of accumulators and by how much they change */
  readonly changes: Map<string, number>;
  readonly steps: DraftStep[];
  readonly funds: FundPayment[];
};

/** The value of an accumulator with the changes of this settlement. */
export const heldOf = (run: Run, code: string): number =>
  (run.values[code] ?? 0) + (run.changes.get(code) ?? 0);

export function addTo(run: Run, code: string, change: number): void {
  if (change !== 0) run.changes.set(code, (run.changes.get(code) ?? 0) + change);
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
  const nobody = { ratio: 0, fund: undefined, fundPayFen: 0 };
  run.steps.push({ code, layer, baseFen: fen, ...nobody, parts: [{ component, fen }], parameters });
}

/** Takes an amount off what stays with the person of some components, latest steps first; what is taken, by component. */
export function takeOver(
  steps: readonly DraftStep[],
  until: number,
  components: ReadonlySet<Component>,
  fen: number,
): { component: SelfPart['component']; fen: number }[] {
  const taken: { component: SelfPart['component']; fen: number }[] = [];
  let left = fen;
  for (let index = until - 1; index >= 0 && left > 0; index--) {
    const { parts } = steps[index]!;
    for (let at = parts.length - 1; at >= 0 && left > 0; at--) {
      const part = parts[at]!;
      if (part.fen === 0 || !components.has(part.component as Component)) continue;
      const taking = Math.min(left, part.fen);
      part.fen -= taking;
      left -= taking;
      const same = taken.find(({ component }) => component === part.component);
      if (same) same.fen += taking;
      else taken.push({ component: part.component, fen: taking });
    }
  }
  if (left > 0) throw new TypeError(`${left} fen more are taken over than the person has to pay`);
  return taken;
}

/** What stays with the person of some components. */
export function sharedWith(steps: readonly DraftStep[], components: ReadonlySet<Component>): number {
  let sum = 0;
  for (const { parts } of steps) {
    for (const { component, fen } of parts) {
      if (components.has(component as Component)) sum += fen;
    }
  }
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
