import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { maskRow } from './mask.ts';

describe('what tells who a person is', () => {
  test('is masked by the name of its field, and nothing else is', () => {
    assert.deepEqual(
      maskRow({
        psn_name: '张三丰',
        certno: '330101199001011234',
        tel: '13800000000',
        brdy: '1990-01-01',
        psn_no: 'P1',
        coner_name: '李',
        curr_addr: '某市某路 1 号',
        emp_tel: '02112345678',
        hi_no: 'H43010000001',
        toString: '某甲',
        diagnosis: 'K35.900',
        cost_fen: 1,
        person: null,
        medcasno: '',
      }),
      {
        psn_name: '张**',
        certno: '33**************34',
        tel: '13*******00',
        brdy: '1990-**-**',
        psn_no: '**',
        coner_name: '李*',
        curr_addr: '***',
        emp_tel: '02*******78',
        hi_no: 'H4********01',
        toString: '某甲',
        diagnosis: 'K35.900',
        cost_fen: 1,
        person: null,
        medcasno: '',
      },
    );
  });

  test('is never shown whole', () => {
    fc.assert(
      // a text with an asterisk may look masked already
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !text.includes('*')),
        (text) => {
          const masked = maskRow({ person: text, psn_name: text, brdy: text });
          return Object.values(masked).every((value) => value !== text);
        },
      ),
    );
  });
});
