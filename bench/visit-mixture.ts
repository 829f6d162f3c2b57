/**
 * What a city settles, as one of many clients sends it: purchases at pharmacies, visits with several settlements, stays that are
 * settled in their middle, and settlements that are taken back. Each story is drawn anew; its persons meet those of other clients.
 */
import type { Answer } from '../test/support/hospital-service.ts';
import {
  AREA,
  admission,
  description,
  discharge,
  feeLines,
  type Insured,
  identityNumber,
  ok,
  PHARMACY,
  registration,
  settlementOf,
} from '../test/support/visit-service.ts';

/** Sends a transaction; 2102, 2103, 2207, 2208, 2304 and 2305 are told apart from the messages around them by the caller. */
export type Send = (
  infno: string,
  input: unknown,
  header?: Readonly<Record<string, unknown>>,
) => Promise<Answer>;

/** Every fourth person is a resident, every fifth of the others is retired; some have an account, which their neighbour may use. */
export function mixedPersons(count: number): { readonly persons: readonly Insured[]; readonly csv: string } {
  const persons: Insured[] = [];
  let csv = 'psn_no,name,certno,insutype,psn_type,begndate,insuplc_admdvs,account_balance,family_owner\n';
  for (let index = 0; index < count; index++) {
    const birth = `19${40 + (index % 60)}-${String(1 + (index % 12)).padStart(2, '0')}-${String(1 + (Math.floor(index / 720) % 28)).padStart(2, '0')}`;
    const person: Insured = {
      psn_no: `88${String(index).padStart(10, '0')}`,
      name: `人${index}`,
      certno: identityNumber(birth, index % 1000),
      insutype: index % 4 === 3 ? '390' : '310',
    };
    const type = person.insutype === '390' ? '15' : index % 5 === 0 ? '12' : '11';
    const isOwner = index % 4 === 0;
    const owner = index % 4 === 1 ? persons[index - 1]!.certno : '';
    const balance = isOwner ? '2000.00' : '';
    csv += `${person.psn_no},${person.name},${person.certno},${person.insutype},${type},2020-01-01,${AREA},${balance},${owner}\n`;
    persons.push(person);
  }
  return { persons, csv };
}

/** Small numbers that look drawn; the same for the same start. */
function drawing(start: number): (below: number) => number {
  let state = (start * 2_654_435_761) >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const yuan = (fen: number): string => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;

export type Story = { readonly settlements: number; readonly refused: number };

/** What a client does one after another. `run` tells the numbers of this run from those of others on the same store. */
export function storiesOf(options: {
  readonly send: Send;
  readonly persons: readonly Insured[];
  readonly client: number;
  readonly clients: number;
  readonly run: string;
}): () => Promise<Story> {
  const { send, persons, client, clients, run } = options;
  const draw = drawing(Number.parseInt(run, 36) + client);
  let told = 0;
  /** one in ten is one of twenty whom all clients know */
  const anybody = (): Insured => persons[draw(10) === 0 ? draw(20) : draw(persons.length)]!;
  /** a person whom no other client admits */
  const ofThisClient = (): Insured =>
    persons[client + clients * draw(Math.max(1, Math.floor(persons.length / clients)))]!;
  const day = (): string =>
    `2025-${String(1 + draw(12)).padStart(2, '0')}-${String(1 + draw(28)).padStart(2, '0')}`;
  const account = () => ({ acct_used_flag: String(draw(4) === 0 ? 1 + draw(2) : 0) });
  const amounts = (count: number) =>
    Array.from({ length: count }, () => 500 + draw(draw(10) === 0 ? 200_000 : 10_000));
  const linesOf = (fen: readonly number[], from = 0) =>
    fen.map((each, index) => ({ yuan: yuan(each), sn: String(from + index + 1) }));
  const sum = (fen: readonly number[]) => yuan(fen.reduce((total, each) => total + each, 0));
  /** Takes a settlement back; others of the same person may have come after it, then it stays. */
  const takeBack = async (infno: string, of: Record<string, string>, header = {}): Promise<boolean> => {
    const answer = await send(infno, { data: of }, header);
    if (answer.infcode === 0) return true;
    if (!/之后还有结算/.test(answer.err_msg)) ok(answer);
    return false;
  };

  const purchase = async (): Promise<Story> => {
    const [person, date, fen, header] = [
      anybody(),
      day(),
      amounts(1 + draw(3)),
      { fixmedins_code: PHARMACY },
    ];
    const { data } = settlementOf(person, '', sum(fen), account());
    const druginfo = { ...data, begntime: `${date} 10:00:00`, med_type: '41' };
    const drugdetail = feeLines(person, '', date, linesOf(fen)).feedetail;
    const { setlinfo } = ok(await send('2102', { druginfo, drugdetail }, header));
    if (draw(20) > 0) return { settlements: 1, refused: 0 };
    const { mdtrt_id, setl_id } = setlinfo;
    const isBack = await takeBack('2103', { mdtrt_id, setl_id, psn_no: person.psn_no }, header);
    return isBack ? { settlements: 2, refused: 0 } : { settlements: 1, refused: 1 };
  };

  const visit = async (): Promise<Story> => {
    const [person, date] = [anybody(), day()];
    const batches = Array.from({ length: 1 + draw(6) }, () => amounts(1 + draw(4)));
    const number = `${run}-${client}-${told}`;
    const { mdtrt_id } = ok(await send('2201', registration(person, date, number))).data;
    ok(await send('2203', description(person, mdtrt_id, date)));
    const feedetail = batches.flatMap(
      (fen, index) => feeLines(person, mdtrt_id, date, linesOf(fen, index * 10), `B${index + 1}`).feedetail,
    );
    ok(await send('2204', { feedetail }));
    let [settlements, refused] = [0, 0];
    for (const [index, fen] of batches.entries()) {
      const more = { chrg_bchno: `B${index + 1}`, ...account() };
      const wanted = () => send('2207', settlementOf(person, mdtrt_id, sum(fen), more));
      const { setlinfo } = ok(await wanted());
      settlements += 1;
      if (draw(20) > 0) continue;
      if (await takeBack('2208', { mdtrt_id, setl_id: setlinfo.setl_id, psn_no: person.psn_no })) {
        ok(await wanted());
        settlements += 2;
      } else refused += 1;
    }
    return { settlements, refused };
  };

  const stay = async (): Promise<Story> => {
    const [person, parts, number] = [ofThisClient(), 2 + draw(4), `S${run}-${client}-${told}`];
    const admitted = await send('2401', admission(person, '2025-07-01', number));
    // left open by a run that was ended
    if (/住院未出院/.test(admitted.err_msg)) return { settlements: 0, refused: 1 };
    const { mdtrt_id } = ok(admitted).result;
    for (let part = 0; part < parts; part++) {
      const [date, fen] = [`2025-07-${String(2 + part * 4).padStart(2, '0')}`, amounts(5)];
      ok(await send('2301', feeLines(person, mdtrt_id, date, linesOf(fen, part * 10))));
      const isLast = part === parts - 1;
      if (isLast) ok(await send('2402', discharge(person, mdtrt_id, '2025-07-30')));
      const more = { mid_setl_flag: isLast ? '0' : '1', ...account() };
      ok(await send('2304', settlementOf(person, mdtrt_id, sum(fen), more)));
    }
    return { settlements: parts, refused: 0 };
  };

  return () => {
    told += 1;
    const kind = draw(20);
    return kind < 13 ? purchase() : kind < 19 ? visit() : stay();
  };
}
