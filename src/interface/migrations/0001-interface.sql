-- What designated institutions and this service have told each other.

-- how the institutions of an area are served
CREATE TABLE interface_area (
  area_id text PRIMARY KEY,
  area_code text NOT NULL,
  -- the import of the area whose institutions are known here
  imported_at timestamptz,
  -- a folder of metadata/overlays; '' for the national form
  overlay text NOT NULL DEFAULT '',
  is_sign_in_required boolean NOT NULL DEFAULT false,
  -- whether an institution may take back a submitted list (1 to 0), which the texts leave open
  may_withdraw_submitted boolean NOT NULL DEFAULT false,
  -- whether a list with a finding that asks for its return becomes 3 by itself
  is_returned_rejected boolean NOT NULL DEFAULT true,
  signature_valid_minutes integer NOT NULL DEFAULT 30 CHECK (signature_valid_minutes > 0)
);

CREATE TABLE interface_institution (
  fixmedins_code text PRIMARY KEY,
  area_id text NOT NULL REFERENCES interface_area,
  name text NOT NULL,
  -- 1 institution, 2 pharmacy
  type text NOT NULL DEFAULT '1',
  level text NOT NULL DEFAULT '',
  uscc text NOT NULL DEFAULT '',
  dialect text NOT NULL DEFAULT 'plain' CHECK (dialect IN ('plain', 'csb', 'tif', 'sealed')),
  is_signed boolean NOT NULL DEFAULT true,
  is_encrypted boolean NOT NULL DEFAULT true,
  -- access key, PaaS id or app id, and its secret
  access_key text NOT NULL DEFAULT '',
  secret text NOT NULL DEFAULT '',
  -- SM2, hexadecimal: the institution's, and the pair this service answers with
  public_key text NOT NULL DEFAULT '',
  service_private_key text NOT NULL DEFAULT '',
  service_public_key text NOT NULL DEFAULT '',
  is_open boolean NOT NULL DEFAULT true
);

CREATE INDEX interface_institution_access_key ON interface_institution (access_key);
CREATE INDEX interface_institution_area ON interface_institution (area_id);

-- every message that was carried out, with the answer to give when it comes again
CREATE TABLE interface_message (
  fixmedins_code text NOT NULL,
  infno text NOT NULL,
  msgid text NOT NULL,
  body_sha256 text NOT NULL,
  answer text,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (fixmedins_code, infno, msgid)
);

CREATE TABLE interface_sign_in (
  sign_no text PRIMARY KEY,
  fixmedins_code text NOT NULL,
  opter_no text NOT NULL,
  mac text NOT NULL,
  ip text NOT NULL,
  signed_in_at timestamptz NOT NULL,
  signed_out_at timestamptz
);

CREATE INDEX interface_sign_in_open ON interface_sign_in (fixmedins_code, opter_no) WHERE signed_out_at IS NULL;

CREATE TABLE interface_file (
  file_qury_no text PRIMARY KEY,
  -- 'plc' for files everyone may read
  fixmedins_code text NOT NULL,
  filename text NOT NULL,
  sha256 text NOT NULL,
  bytes bigint NOT NULL,
  made_at timestamptz NOT NULL,
  download_until timestamptz NOT NULL
);

CREATE TABLE interface_file_part (
  file_qury_no text NOT NULL REFERENCES interface_file ON DELETE CASCADE,
  part_no integer NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (file_qury_no, part_no)
);

-- a settlement list an institution uploaded, in its present state
CREATE TABLE interface_list (
  setl_list_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  area_id text NOT NULL,
  fixmedins_code text NOT NULL,
  setl_id text NOT NULL,
  psn_no text NOT NULL,
  mdtrt_id text NOT NULL,
  version integer NOT NULL,
  -- 0 not submitted, 1 submitted, 2 approved, 3 rejected
  state smallint NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2, 3)),
  setl_ym text NOT NULL,
  care_type text NOT NULL DEFAULT '',
  discharge_date date,
  settlement_date date,
  -- the settlement was paid back: a negative one
  is_refund boolean NOT NULL DEFAULT false,
  changed_at timestamptz NOT NULL,
  UNIQUE (area_id, setl_id)
);

CREATE INDEX interface_list_month ON interface_list (fixmedins_code, setl_ym);

-- every version of it, as it was sent (numbers as text)
CREATE TABLE interface_list_version (
  setl_list_id bigint NOT NULL REFERENCES interface_list,
  version integer NOT NULL,
  -- the transaction it came by: 4101, 4101A, or 4101-2021 for the older edition
  form text NOT NULL,
  body text NOT NULL,
  body_sha256 text NOT NULL,
  msgid text NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (setl_list_id, version)
);

-- every change of its state; from_state is null for an upload
CREATE TABLE interface_list_change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  setl_list_id bigint NOT NULL REFERENCES interface_list,
  version integer NOT NULL,
  from_state smallint,
  to_state smallint NOT NULL,
  changed_by text NOT NULL,
  reason text NOT NULL DEFAULT '',
  changed_at timestamptz NOT NULL
);

CREATE INDEX interface_list_change_list ON interface_list_change (setl_list_id, id);

-- quality control and grouping of one submitted version
CREATE TABLE interface_list_result (
  setl_list_id bigint NOT NULL REFERENCES interface_list,
  version integer NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
  -- set when the list is taken back: the result no longer counts
  is_void boolean NOT NULL DEFAULT false,
  quality jsonb,
  grouping jsonb,
  problem text,
  requested_at timestamptz NOT NULL,
  done_at timestamptz,
  PRIMARY KEY (setl_list_id, version)
);

CREATE INDEX interface_list_result_waiting ON interface_list_result (requested_at) WHERE state = 'waiting';

-- which version of which list a settlement run of the service took part with
CREATE TABLE interface_list_settled (
  run_id text NOT NULL,
  setl_list_id bigint NOT NULL REFERENCES interface_list,
  version integer NOT NULL,
  PRIMARY KEY (run_id, setl_list_id)
);

-- applications to take a case out of its group's payment (3601 to 3604)
CREATE TABLE interface_exit_application (
  appy_chk_setl_list_id text PRIMARY KEY,
  area_id text NOT NULL,
  fixmedins_code text NOT NULL,
  setl_id text NOT NULL,
  psn_no text NOT NULL,
  exit_type text NOT NULL,
  -- 0 withdrawn
  is_valid boolean NOT NULL DEFAULT true,
  -- 0 waiting, 1 agreed, 2 refused
  review_state smallint NOT NULL DEFAULT 0,
  body jsonb NOT NULL,
  opinions jsonb NOT NULL DEFAULT '[]',
  made_by text NOT NULL,
  made_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX interface_exit_application_list ON interface_exit_application (area_id, setl_id) WHERE is_valid;

-- applications for clearing of a month (3203)
CREATE TABLE interface_clearing_application (
  clr_appy_evt_id text PRIMARY KEY,
  area_id text NOT NULL,
  fixmedins_code text NOT NULL,
  clr_type text NOT NULL,
  clr_way text NOT NULL,
  setlym text NOT NULL,
  person_times integer NOT NULL,
  medfee_sumamt_fen bigint NOT NULL,
  med_sumfee_fen bigint NOT NULL,
  fund_appy_sum_fen bigint NOT NULL,
  cash_payamt_fen bigint NOT NULL,
  acct_pay_fen bigint NOT NULL,
  begndate date NOT NULL,
  enddate date NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'accepted', 'refused')),
  made_by text NOT NULL,
  made_at timestamptz NOT NULL,
  UNIQUE (fixmedins_code, clr_type, clr_way, setlym)
);
