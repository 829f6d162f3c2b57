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
} satisfies Record<string, ErrorDefinition>;
