import { randomBytes } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { sm2 } from 'sm-crypto-v2';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Dialect } from './dialect/index.ts';
import { interfaceErrors } from './errors.ts';

/** A designated institution as the interface knows it, with the rules of its area. */
export type Institution = {
  readonly fixmedins_code: string;
  readonly area_id: string;
  readonly area_code: string;
  readonly overlay: string;
  readonly name: string;
  readonly type: string;
  readonly level: string;
  readonly uscc: string;
  readonly dialect: Dialect;
  readonly is_signed: boolean;
  readonly is_encrypted: boolean;
  readonly access_key: string;
  readonly secret: string;
  readonly public_key: string;
  readonly service_private_key: string;
  readonly service_public_key: string;
  readonly is_open: boolean;
  readonly is_sign_in_required: boolean;
  readonly may_withdraw_submitted: boolean;
  readonly is_returned_rejected: boolean;
  readonly signature_valid_minutes: number;
  /** another one after any change of the institution or its area */
  readonly row_version: string;
};

/** Says which state of an institution (i) and its area (a) a row is: the transactions that wrote them last. */
const ROW_VERSION = sql`i.xmin || ' ' || a.xmin`;

const SELECT = sql`SELECT i.*, a.area_code, a.overlay, a.is_sign_in_required, a.may_withdraw_submitted,
    a.is_returned_rejected, a.signature_valid_minutes, ${ROW_VERSION} AS row_version
  FROM interface_institution AS i JOIN interface_area AS a ON a.area_id = i.area_id`;

export async function findInstitution(store: Store, fixmedinsCode: string): Promise<Institution | undefined> {
  const { rows } = await sql<Institution>`${SELECT} WHERE i.fixmedins_code = ${fixmedinsCode}`.execute(store);
  return rows[0];
}

/** The version an institution has now, as a value within another statement. */
export const rowVersionOf = (fixmedinsCode: string | RawBuilder<string>) =>
  sql<string>`(SELECT ${ROW_VERSION} FROM interface_institution AS i JOIN interface_area AS a ON a.area_id = i.area_id
    WHERE i.fixmedins_code = ${fixmedinsCode})`;

/** The institutions a key of a gateway stands for. */
export async function institutionsOfKey(
  store: Store,
  dialect: Dialect,
  accessKey: string,
): Promise<Institution[]> {
  if (accessKey === '') return [];
  const { rows } =
    await sql<Institution>`${SELECT} WHERE i.access_key = ${accessKey} AND i.dialect = ${dialect}
      ORDER BY i.fixmedins_code`.execute(store);
  return rows;
}

export type NewInstitution = {
  readonly fixmedinsCode: string;
  readonly name: string;
  readonly level?: string;
  readonly type?: string;
  readonly uscc?: string;
};

/**
 * Makes an area and its institutions known to the interface. Keys and settings made before stay; institutions that are no
 * longer named stay, too, but are closed: their messages are refused.
 */
export async function registerArea(
  store: Store,
  area: { readonly areaId: string; readonly areaCode: string; readonly overlay?: string },
  institutions: readonly NewInstitution[],
): Promise<void> {
  await sql`INSERT INTO interface_area (area_id, area_code, overlay)
    VALUES (${area.areaId}, ${area.areaCode}, ${area.overlay ?? ''})
    ON CONFLICT (area_id) DO UPDATE SET area_code = EXCLUDED.area_code,
      overlay = CASE WHEN ${area.overlay === undefined} THEN interface_area.overlay ELSE EXCLUDED.overlay END`.execute(
    store,
  );
  const column = (of: (institution: NewInstitution) => string) => institutions.map(of);
  const codes = column(({ fixmedinsCode }) => fixmedinsCode);
  await sql`INSERT INTO interface_institution (fixmedins_code, area_id, name, type, level, uscc)
    SELECT code, ${area.areaId}, name, type, level, uscc
    FROM unnest(${codes}::text[], ${column(({ name }) => name)}::text[],
      ${column(({ type, fixmedinsCode }) => type ?? (fixmedinsCode.startsWith('P') ? '2' : '1'))}::text[],
      ${column(({ level }) => level ?? '')}::text[], ${column(({ uscc }) => uscc ?? '')}::text[])
      AS given (code, name, type, level, uscc)
    ON CONFLICT (fixmedins_code) DO UPDATE SET area_id = EXCLUDED.area_id, name = EXCLUDED.name,
      type = EXCLUDED.type, level = EXCLUDED.level, is_open = true`.execute(store);
  await sql`UPDATE interface_institution SET is_open = false
    WHERE area_id = ${area.areaId} AND NOT (fixmedins_code = ANY (${codes}::text[]))`.execute(store);
}

export type AreaRules = Partial<
  Pick<
    Institution,
    | 'overlay'
    | 'is_sign_in_required'
    | 'may_withdraw_submitted'
    | 'is_returned_rejected'
    | 'signature_valid_minutes'
  >
>;

/** Changes how the institutions of an area are served. */
export async function setAreaRules(store: Store, areaId: string, rules: AreaRules): Promise<void> {
  const { rows } = await sql`UPDATE interface_area SET
      overlay = coalesce(${rules.overlay ?? null}, overlay),
      is_sign_in_required = coalesce(${rules.is_sign_in_required ?? null}::boolean, is_sign_in_required),
      may_withdraw_submitted = coalesce(${rules.may_withdraw_submitted ?? null}::boolean, may_withdraw_submitted),
      is_returned_rejected = coalesce(${rules.is_returned_rejected ?? null}::boolean, is_returned_rejected),
      signature_valid_minutes = coalesce(${rules.signature_valid_minutes ?? null}::integer, signature_valid_minutes)
    WHERE area_id = ${areaId} RETURNING area_id`.execute(store);
  if (rows.length === 0) throw new YibaoError({ definition: interfaceErrors.noSuchArea, value: areaId });
}

export type Security = {
  readonly dialect: Dialect;
  readonly isSigned?: boolean;
  readonly isEncrypted?: boolean;
  /** without one a new key is made */
  readonly accessKey?: string;
  readonly secret?: string;
  /** of the institution, hexadecimal SM2 */
  readonly publicKey?: string;
};

/** What an institution has to be told after its keys were set. */
export type GivenKeys = {
  readonly accessKey: string;
  readonly secret: string;
  readonly servicePublicKey: string;
};

/** Sets how an institution's messages are proven and sealed; keys that are not given are made. */
export async function setSecurity(
  store: Store,
  fixmedinsCode: string,
  security: Security,
): Promise<GivenKeys> {
  const { dialect } = security;
  const isPlain = dialect === 'plain';
  const accessKey = isPlain ? '' : (security.accessKey ?? randomBytes(12).toString('hex'));
  const secret = isPlain ? '' : (security.secret ?? randomBytes(24).toString('base64url'));
  const pair = dialect === 'sealed' ? sm2.generateKeyPairHex() : { privateKey: '', publicKey: '' };
  const { rows } = await sql`UPDATE interface_institution SET dialect = ${dialect},
      is_signed = ${security.isSigned ?? true}, is_encrypted = ${security.isEncrypted ?? true},
      access_key = ${accessKey}, secret = ${secret}, public_key = ${security.publicKey ?? ''},
      service_private_key = ${pair.privateKey}, service_public_key = ${pair.publicKey}
    WHERE fixmedins_code = ${fixmedinsCode} RETURNING fixmedins_code`.execute(store);
  if (rows.length === 0)
    throw new YibaoError({ definition: interfaceErrors.noSuchInstitution, value: fixmedinsCode });
  return { accessKey, secret, servicePublicKey: pair.publicKey };
}
