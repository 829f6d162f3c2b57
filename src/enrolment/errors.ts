import type { ErrorDefinition } from '#kernel/errors.ts';

export const enrolmentErrors = {
  wrongCell: {
    code: 'enrolment.wrong-cell',
    exit: 3,
    message: { zh: '应为{expectedZh}', en: 'must be {expectedEn}' },
    remedy: {
      zh: '改正后重新导入；这个文件一行也没有导入',
      en: 'correct it and import again: nothing of this file was imported',
    },
  },
  wrongSetting: {
    code: 'enrolment.wrong-setting',
    exit: 3,
    message: { zh: '应为{expectedZh}', en: 'must be {expectedEn}' },
    remedy: { zh: '改正这个文件', en: 'correct the file' },
  },
  unreadableFile: {
    code: 'enrolment.unreadable-file',
    exit: 3,
    message: { zh: '不能读作表格：{reason}', en: 'cannot be read as a table: {reason}' },
    remedy: {
      zh: '以 CSV（UTF-8 或 GB18030）或 XLSX 重新导出；原文件没有落库',
      en: 'export it again as CSV (UTF-8 or GB18030) or XLSX; nothing of it was landed',
    },
  },
  brokenRow: {
    code: 'enrolment.broken-row',
    exit: 3,
    message: {
      zh: '这一行有 {found} 格，表头有 {columns} 列',
      en: 'this row has {found} cells, the header {columns} columns',
    },
    remedy: {
      zh: '多半是一格里的分隔符没有加引号，或少了一格：改正后重新导入；整个文件没有落库',
      en: 'most likely a delimiter inside a cell lacks its quotes, or a cell is missing: mend it and land it again; nothing of the file was landed',
    },
  },
  brokenQuote: {
    code: 'enrolment.broken-quote',
    exit: 3,
    message: {
      zh: '引号没有成对：{reason}',
      en: 'quotes do not match: {reason}',
    },
    remedy: {
      zh: '给这一格的引号配对，或去掉引号后重新导入；整个文件没有落库',
      en: 'pair the quotes of this cell or take them away, then land it again; nothing of the file was landed',
    },
  },
  unusableCharacter: {
    code: 'enrolment.unusable-character',
    exit: 3,
    message: { zh: '格子里有空字符（U+0000）', en: 'the cell holds a null character (U+0000)' },
    remedy: {
      zh: '由发送部门重新导出这个文件；整个文件没有落库',
      en: 'let the department export the file again; nothing of it was landed',
    },
  },
  missingColumn: {
    code: 'enrolment.missing-column',
    exit: 3,
    message: {
      zh: '没有字段 {field} 的列；映射认识的列名是 {known}，文件的列是 {found}',
      en: 'no column for {field}: the mapping knows {known}, the file has {found}',
    },
    remedy: {
      zh: '改正文件的表头，或在该部门的映射中加上这个列名',
      en: 'correct the header of the file, or add the name to the mapping of the department',
    },
  },
  noSuchDepartment: {
    code: 'enrolment.no-such-department',
    exit: 2,
    message: { zh: '没有部门 {value} 的映射；有 {known}', en: 'no mapping for {value}; there are {known}' },
    remedy: {
      zh: '选一个已有的部门，或在数据文件夹的 departments/ 中写一个映射',
      en: 'choose one of them, or write a mapping into departments/ of the data folder',
    },
  },
  noSuchReview: {
    code: 'enrolment.no-such-review',
    exit: 3,
    message: { zh: '复核队列中没有 {value}', en: 'the review queue has no {value}' },
    remedy: { zh: '核对编号', en: 'check the number' },
  },
  decidedAlready: {
    code: 'enrolment.decided-already',
    exit: 4,
    message: {
      zh: '{by} 已于 {at} 决定（{state}）',
      en: '{by} decided it at {at} ({state})',
    },
    remedy: { zh: '决定不能更改；合并档案另办', en: 'a decision stays; files are merged separately' },
  },
  noSuchWorkItem: {
    code: 'enrolment.no-such-work-item',
    exit: 3,
    message: { zh: '工作清单中没有 {value}', en: 'the work lists have no {value}' },
    remedy: { zh: '核对编号', en: 'check the number' },
  },
  notNow: {
    code: 'enrolment.not-now',
    exit: 4,
    message: {
      zh: '状态 {state} 时不能 {value}；可以 {known}',
      en: '{value} does not follow the state {state}; {known} do',
    },
    remedy: { zh: '刷新后选一个可办的操作', en: 'load it again and choose a possible action' },
  },
  noteMissing: {
    code: 'enrolment.note-missing',
    exit: 3,
    message: { zh: '没有写明情况', en: 'a note is missing' },
    remedy: { zh: '写明情况后再办', en: 'say what the matter is' },
  },
  transferTwice: {
    code: 'enrolment.transfer-twice',
    exit: 4,
    message: {
      zh: '参保凭证 {value} 已经登记',
      en: 'the certificate of insurance {value} was taken in before',
    },
    remedy: { zh: '查看那一次转移', en: 'look at that transfer' },
  },
  settledLater: {
    code: 'enrolment.settled-later',
    exit: 4,
    message: {
      zh: '{value} 之后还有 {count} 笔有效结算',
      en: '{count} settlements in force are later than {value}',
    },
    remedy: {
      zh: '先冲销这些结算，或改在最后一次结算以后办结',
      en: 'undo them first, or end it after the last of them',
    },
  },
  transferEnded: {
    code: 'enrolment.transfer-ended',
    exit: 4,
    message: {
      zh: '转移 {value} 不存在或已办结（{state}）',
      en: 'transfer {value} is none or has ended ({state})',
    },
    remedy: { zh: '核对编号', en: 'check the number' },
  },
  yearNotOver: {
    code: 'enrolment.year-not-over',
    exit: 4,
    message: { zh: '{value} 年还没有结束', en: 'the year {value} is not over' },
    remedy: { zh: '年度结束后结转', en: 'close it after its end' },
  },
  yearBeforeOpen: {
    code: 'enrolment.year-before-open',
    exit: 4,
    message: { zh: '{year} 年还没有结转', en: 'the year {year} is not closed' },
    remedy: { zh: '按年依次结转', en: 'close the years one after another' },
  },
  closingDecided: {
    code: 'enrolment.closing-decided',
    exit: 4,
    message: {
      zh: '结转 {value} 已决定或已作废（{state}）',
      en: 'closing {value} is decided or was replaced ({state})',
    },
    remedy: { zh: '重新结转该年度', en: 'close the year again' },
  },
  ownWork: {
    code: 'enrolment.own-work',
    exit: 4,
    message: { zh: '{login} 自己办理的，须由另一人决定', en: '{login} made it: somebody else has to decide' },
    remedy: { zh: '请另一位有权限的人决定', en: 'ask another person who may decide' },
  },
  noRefund: {
    code: 'enrolment.no-refund',
    exit: 4,
    message: { zh: '缴费 {value} 不能退：{zh}', en: 'contribution {value} is not given back: {en}' },
    remedy: {
      zh: '核对情形、档案与本地的退费规定（contribution.refund_*）',
      en: 'check the case, the file and the rules of the area (contribution.refund_*)',
    },
  },
  factsChanged: {
    code: 'enrolment.facts-changed',
    exit: 4,
    message: {
      zh: '提交之后档案有变（{value}），结果与提交的不同',
      en: 'the file has changed since ({value}): it would come to something else',
    },
    remedy: { zh: '退回后重新提交', en: 'send it back and submit it again' },
  },
  noEmployee: {
    code: 'enrolment.no-employee',
    exit: 4,
    message: {
      zh: '{value} 没有参加过职工医保，或性别未说明',
      en: '{value} was never in the employees’ scheme, or the sex is not known',
    },
    remedy: { zh: '核对档案', en: 'check the file' },
  },
  retiredAlready: {
    code: 'enrolment.retired-already',
    exit: 4,
    message: { zh: '{value} 已办退休', en: '{value} is retired already' },
    remedy: { zh: '查看档案', en: 'look at the file' },
  },
  spanLater: {
    code: 'enrolment.span-later',
    exit: 4,
    message: {
      zh: '{value} 之后还有 {begins} 开始的职工参保',
      en: 'a span of the employees’ scheme begins after {value}, on {begins}',
    },
    remedy: { zh: '退休日期不早于最后一段参保的开始', en: 'the retirement is no earlier than the last span' },
  },
  yearsMissing: {
    code: 'enrolment.years-missing',
    exit: 4,
    message: {
      zh: '计入 {counted} 年，还差 {missing} 年；一次性补足须缴 {amount} 元',
      en: '{counted} years count, {missing} are missing; {amount} yuan pay them up',
    },
    remedy: { zh: '继续缴费，或补足后写明票据再提交', en: 'go on paying, or pay up and give the receipt' },
  },
  payUpDiffers: {
    code: 'enrolment.pay-up-differs',
    exit: 4,
    message: {
      zh: '补足 {value} 元与应补 {amount} 元不等',
      en: '{value} yuan were paid up, {amount} are due',
    },
    remedy: { zh: '核对票据金额与工资基数', en: 'check the receipt and the wage' },
  },
  monthsPaid: {
    code: 'enrolment.months-paid',
    exit: 4,
    message: { zh: '{value} 每个月都已计入', en: 'every month of {value} counts already' },
    remedy: { zh: '只认定没有缴费的月份', en: 'only months without a contribution can be deemed' },
  },
  nobodyPays: {
    code: 'enrolment.nobody-pays',
    exit: 4,
    message: {
      zh: '{value} 没有人应缴 {year} 年而未缴',
      en: 'nobody in {value} has to pay for {year} and has not',
    },
    remedy: { zh: '核对统筹区与年度', en: 'check area and year' },
  },
  noSuchList: {
    code: 'enrolment.no-such-list',
    exit: 3,
    message: { zh: '没有清册 {value}', en: 'there is no payable list {value}' },
    remedy: { zh: '核对编号', en: 'check the number' },
  },
  noSuchDifference: {
    code: 'enrolment.no-such-difference',
    exit: 3,
    message: { zh: '没有差异 {value}', en: 'there is no difference {value}' },
    remedy: { zh: '核对对账与序号', en: 'check reconciliation and number' },
  },
  noSuchTransfer: {
    code: 'enrolment.no-such-transfer',
    exit: 3,
    message: { zh: '没有转移 {value}', en: 'there is no transfer {value}' },
    remedy: { zh: '核对编号', en: 'check the number' },
  },
  noSuchClosing: {
    code: 'enrolment.no-such-closing',
    exit: 3,
    message: { zh: '没有结转 {value}', en: 'there is no closing {value}' },
    remedy: { zh: '核对编号', en: 'check the number' },
  },
  certificateTaken: {
    code: 'enrolment.certificate-taken',
    exit: 4,
    message: {
      zh: '证件 {value} 属于另一份档案 {owner}',
      en: 'the certificate {value} belongs to another person, {owner}',
    },
    remedy: {
      zh: '归入那份档案；确是同一人的两份档案先合并',
      en: 'link to that person; two files of one person are merged first',
    },
  },
  noSuchMember: {
    code: 'enrolment.no-such-member',
    exit: 3,
    message: {
      zh: '没有证件号码与姓名都相符的参保人',
      en: 'nobody has this certificate and this name',
    },
    remedy: {
      zh: '核对家庭成员的姓名与证件号码',
      en: 'check name and certificate of the member of the family',
    },
  },
  noSharing: {
    code: 'enrolment.no-sharing',
    exit: 4,
    message: { zh: '不能绑定共济：{zh}', en: 'the account cannot be shared: {en}' },
    remedy: { zh: '核对关系、日期与两人的参保', en: 'check relation, days and the insurance of both' },
  },
  noSuchSharing: {
    code: 'enrolment.no-such-sharing',
    exit: 4,
    message: { zh: '没有可解除的共济 {value}', en: 'there is no sharing {value} to end' },
    remedy: { zh: '刷新后看它是否已经解除', en: 'reload and see whether it has ended' },
  },
  sameFile: {
    code: 'enrolment.same-file',
    exit: 3,
    message: { zh: '两个编号是同一份档案', en: 'the two numbers are of one file' },
    remedy: { zh: '选择另一份档案', en: 'choose another file' },
  },
  mergedAlready: {
    code: 'enrolment.merged-already',
    exit: 4,
    message: { zh: '档案 {value} 已并入别的档案', en: 'file {value} was put together with another before' },
    remedy: { zh: '用合并后的档案', en: 'use the file that goes on' },
  },
  noSuchPerson: {
    code: 'enrolment.no-such-person',
    exit: 3,
    message: { zh: '没有人员编号 {value}', en: 'nobody has the number {value}' },
    remedy: { zh: '核对人员编号', en: 'check the number' },
  },
  applicantOfItem: {
    code: 'enrolment.applicant-of-item',
    exit: 3,
    message: {
      zh: '事项 {value} 的申请人不对：个人事项属于一个参保人，单位与机构事项写名称',
      en: 'the applicant does not fit item {value}: items of persons belong to a person, others name a unit or institution',
    },
    remedy: {
      zh: '选择参保人，或填写单位、机构名称',
      en: 'choose the person, or name the unit or institution',
    },
  },
  requestNotOpen: {
    code: 'enrolment.request-not-open',
    exit: 4,
    message: { zh: '办件 {value} 不存在或已办结', en: 'request {value} does not exist or has ended' },
    remedy: { zh: '核对办件编号与状态', en: 'check its number and state' },
  },
  requestNotRated: {
    code: 'enrolment.request-not-rated',
    exit: 4,
    message: {
      zh: '办件 {value} 不能评价：不是您的、尚未办结，或已评价',
      en: 'request {value} cannot be rated: it is not yours, has not ended, or was rated',
    },
    remedy: { zh: '办结后评价一次', en: 'rate it once, after it has ended' },
  },
  noSuchItem: {
    code: 'enrolment.no-such-item',
    exit: 3,
    message: { zh: '没有服务事项 {value}', en: 'there is no service item {value}' },
    remedy: { zh: '从事项清单中选择', en: 'choose one of the list' },
  },
} satisfies Record<string, ErrorDefinition>;
