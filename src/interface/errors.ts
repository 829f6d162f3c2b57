import type { ErrorDefinition } from '#kernel/errors.ts';

/** What can be wrong with the set-up of the interface and with sending lists to it. */
export const interfaceErrors = {
  noSuchArea: {
    code: 'interface.no-such-area',
    exit: 3,
    message: { zh: '接口中没有地区 {value}', en: 'the interface has no area {value}' },
    remedy: { zh: '先在服务中导入该地区', en: 'import the area into the service first' },
  },
  noSuchOverlay: {
    code: 'interface.no-such-overlay',
    exit: 3,
    message: { zh: '没有名为 {value} 的省级叠加', en: 'there is no overlay {value}' },
    remedy: {
      zh: '留空表示国家规范，或用 src/interface/metadata/overlays 中的名称',
      en: 'leave it empty for the national form, or name a folder of src/interface/metadata/overlays',
    },
  },
  noSuchInstitution: {
    code: 'interface.no-such-institution',
    exit: 3,
    message: { zh: '没有编号为 {value} 的定点医药机构', en: 'there is no designated institution {value}' },
    remedy: {
      zh: '核对编号，或在地区的 institutions.csv 中登记',
      en: 'check the code, or name it in institutions.csv of the area',
    },
  },
  noSuchList: {
    code: 'interface.no-such-list',
    exit: 3,
    message: { zh: '没有编号为 {value} 的上传清单', en: 'there is no uploaded list {value}' },
    remedy: { zh: '从清单列表中打开', en: 'open it from the list' },
  },
  listNotSubmitted: {
    code: 'interface.list-not-submitted',
    exit: 4,
    message: {
      zh: '清单 {value} 现为 {state}，只有已提交（1）的清单可以审核',
      en: 'list {value} is in state {state}: only a submitted list (1) can be decided',
    },
    remedy: { zh: '刷新页面，看清单现在的状态', en: 'reload the page: its state has changed' },
  },
  listNotAssessed: {
    code: 'interface.list-not-assessed',
    exit: 4,
    message: {
      zh: '清单 {value} 的质控与分组还没有结果',
      en: 'quality control and grouping of list {value} have no result yet',
    },
    remedy: { zh: '稍候再审核', en: 'wait a moment, then decide' },
  },
  listToBeReturned: {
    code: 'interface.list-to-be-returned',
    exit: 4,
    message: {
      zh: '清单 {value} 有要求退回的质控意见，不能通过',
      en: 'quality control asks for the return of list {value}: it cannot be approved',
    },
    remedy: { zh: '写明理由，审核为不通过', en: 'reject it with the reason' },
  },
  unreachable: {
    code: 'interface.unreachable',
    exit: 5,
    message: {
      zh: '服务没有应答（{reason}），已有结果的 {done} 份清单记在 {journal}',
      en: 'the service does not answer ({reason}); {done} lists were decided and stand in {journal}',
    },
    remedy: {
      zh: '服务恢复后以同样的命令再运行一次，从中断处继续',
      en: 'run the same command again when the service is back: it goes on from there',
    },
  },
  nothingToSend: {
    code: 'interface.nothing-to-send',
    exit: 3,
    message: { zh: '{file} 中没有机构 {value} 的清单', en: '{file} has no list of institution {value}' },
    remedy: {
      zh: '核对 --institution；不给该选项则发送全部清单',
      en: 'check --institution; without it all lists are sent',
    },
  },
  keysMissing: {
    code: 'interface.keys-missing',
    exit: 2,
    message: { zh: '接入方式 {value} 需要 {name}', en: 'dialect {value} needs {name}' },
    remedy: {
      zh: '用设置机构接入方式时得到的密钥',
      en: 'give the keys that were told when the institution was set up',
    },
  },
  otherJournal: {
    code: 'interface.other-journal',
    exit: 4,
    message: {
      zh: '{file} 是另一次发送的记录（{value}）',
      en: '{file} is the journal of another sending ({value})',
    },
    remedy: { zh: '换一个 --out，或删除该文件夹', en: 'give another --out, or delete that folder' },
  },
} satisfies Record<string, ErrorDefinition>;
