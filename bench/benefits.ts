/**
 * `npm run bench:benefits [-- 200000]`: so many visits of invented persons through the pure benefit engine on one core: split of
 * the lines, fourteen steps, identities checked, accumulators carried from visit to visit. The policy is the demo city's.
 */
import { benefitLayers, benefitPolicy, noAccumulators, settleVisit } from '#benefits/index.ts';
import type { Accumulators, Person, Visit } from '#benefits/types.ts';

const VISITS = Number(process.argv[2] ?? 200_000);
const PERSONS = 2_000;
const AREA = '990100';
const LINES = 10;
/** then the person starts a new year, so that caps do not make the work easy */
const VISITS_A_YEAR = 20;

let state = 20_250_101;
const draw = (below: number): number => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
  return state % below;
};
const pick = <T>(values: readonly T[]): T => values[draw(values.length)]!;

const policy = benefitPolicy(benefitLayers(AREA), '2025-07-01');
const persons = Array.from({ length: PERSONS }, (): Person => {
  const scheme = pick(['employee', 'resident', 'resident']);
  return {
    scheme,
    person: scheme === 'employee' ? pick(['in-service', 'retired']) : pick(['adult', 'student', 'senior']),
    age: 20 + draw(60),
    identities: draw(10) === 0 ? [{ name: pick(['subsistence', 'destitute', 'marginal']) }] : [],
    members: scheme === 'employee' ? ['large-expense'] : [],
  };
});
const visitOf = (index: number): Visit => ({
  id: `V${index}`,
  care: pick(['outpatient', 'outpatient', 'chronic', 'inpatient']),
  level: pick(['1', '2', '3']),
  date: '2025-07-01',
  disease: 'M03900',
  account: 'own',
  lines: Array.from({ length: LINES }, () => ({
    amountFen: 1 + draw(80_000),
    listClass: pick(['A', 'A', 'B', 'C'] as const),
  })),
});
const visits = Array.from({ length: Math.min(VISITS, 20_000) }, (_, index) => visitOf(index));

function run(count: number): number {
  const accumulators: Accumulators[] = persons.map(() => noAccumulators(2025));
  let paid = 0;
  for (let index = 0; index < count; index++) {
    const who = index % PERSONS;
    if (Math.floor(index / PERSONS) % VISITS_A_YEAR === 0) accumulators[who] = noAccumulators(2025);
    const result = settleVisit({
      policy,
      person: persons[who]!,
      visit: visits[index % visits.length]!,
      accumulators: accumulators[who]!,
    });
    accumulators[who] = result.accumulators;
    paid += result.settlement.totals.fund_pay_sumamt;
  }
  return paid;
}

run(20_000);
const started = performance.now();
const cpu = process.cpuUsage();
const paid = run(VISITS);
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
const cpuSeconds = (user + system) / 1e6;
process.stdout.write(
  `${VISITS} visits of ${LINES} lines in ${seconds.toFixed(2)} s (${cpuSeconds.toFixed(2)} s of all cores): ` +
    `${Math.round(VISITS / seconds)} a second, ${Math.round(VISITS / cpuSeconds)} a second of CPU; funds paid ${(paid / 100).toFixed(2)} yuan\n`,
);
