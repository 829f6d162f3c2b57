import { randomUUID } from 'node:crypto';
import fastify, { type FastifyInstance } from 'fastify';
import type { Store, StorePlace } from '#engine/postgres/store.ts';
import { createDispatcher, hospitalTransactions, registerArea, registerInterface } from '#interface/index.ts';
import { openMigrated } from './prepared-store.ts';

export const HOSPITAL = 'H43010000001';
export const OTHER_HOSPITAL = 'H43010000002';

export type Answer = {
  readonly infcode: number;
  readonly inf_refmsgid: string;
  readonly refmsg_time: string;
  readonly respond_time: string;
  readonly err_msg: string;
  // biome-ignore lint/suspicious/noExplicitAny: what clients read is what the tests look at
  readonly output: any;
};

/** A header as a hospital system fills it, with what a test wants otherwise. */
export const message = (infno: string, input: unknown, header: Readonly<Record<string, unknown>> = {}) => ({
  infno,
  msgid: randomUUID().replaceAll('-', '').slice(0, 30),
  mdtrtarea_admvs: '430100',
  insuplc_admdvs: '',
  recer_sys_code: 'FSI',
  dev_no: '',
  dev_safe_info: '',
  cainfo: '',
  signtype: '',
  infver: 'V1.0',
  opter_type: '1',
  opter: '1001',
  opter_name: '王收费',
  inf_time: '2025-03-04 10:11:12',
  fixmedins_code: HOSPITAL,
  fixmedins_name: '第一医院',
  sign_no: '',
  input,
  ...header,
});

export type HospitalService = {
  readonly store: Store;
  readonly server: FastifyInstance;
  readonly url: string;
  readonly send: (
    infno: string,
    input: unknown,
    header?: Readonly<Record<string, unknown>>,
  ) => Promise<Answer>;
  readonly post: (
    body: unknown,
    headers?: Readonly<Record<string, string>>,
    path?: string,
  ) => Promise<Response>;
  readonly close: () => Promise<void>;
};

export const CALL_PATH = '/fsi/api/rsfComIfsService/callService';

/** The interface alone on a store and a port of its own, with two hospitals of one area. */
export async function startHospitalService(
  place: StorePlace = { memory: true },
  listenPort = 0,
): Promise<HospitalService> {
  const store = await openMigrated(place);
  await registerArea(store, { areaId: 'city', areaCode: '430100' }, [
    { fixmedinsCode: HOSPITAL, name: '第一医院', level: '2', uscc: '12430000444876543A' },
    { fixmedinsCode: OTHER_HOSPITAL, name: '第二医院', level: '5' },
    { fixmedinsCode: 'P43010000009', name: '城南药店' },
  ]);
  const server = fastify();
  await registerInterface(server, createDispatcher(store, hospitalTransactions));
  await server.listen({ port: listenPort, host: '127.0.0.1' });
  const { port } = server.server.address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  const post = (body: unknown, headers: Readonly<Record<string, string>> = {}, path = CALL_PATH) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json;charset=utf-8', ...headers },
      body:
        typeof body === 'string' || body instanceof FormData || body instanceof Uint8Array
          ? (body as string)
          : JSON.stringify(body),
    });
  return {
    store,
    server,
    url,
    post,
    send: async (infno, input, header) =>
      (await (await post(message(infno, input, header))).json()) as Answer,
    close: async () => {
      await server.close();
      await store.destroy();
    },
  };
}

/** A list in the form 4101A, complete enough to be taken. */
export const list4101A = (setlId: string, setlinfo: Readonly<Record<string, unknown>> = {}) => ({
  setlinfo: {
    psn_no: `P${setlId}`,
    mdtrt_id: `M${setlId}`,
    setl_id: setlId,
    medcasno: `B${setlId}`,
    ntly: 'CHN',
    prfs: '37',
    adm_time: '2025-03-01 08:00:00',
    dscg_time: '2025-03-04 10:00:00',
    dscg_way: '1',
    setl_begn_date: '2025-03-01',
    setl_end_date: '2025-03-04',
    vent_used_dura: '1/13/24',
    ...setlinfo,
  },
  diseinfo: [
    { diag_type: '1', diag_code: 'J18.900', diag_name: '肺炎', adm_cond_type: '1', maindiag_flag: '1' },
    { diag_type: '1', diag_code: 'I10.x00', diag_name: '高血压', adm_cond_type: '1', maindiag_flag: '0' },
  ],
  oprninfo: [
    {
      oprn_oprt_type: '1',
      oprn_oprt_name: '支气管镜检查',
      oprn_oprt_code: '33.2200',
      oper_dr_code: 'D430100001',
    },
  ],
});
