import type { Words } from '../en';

export const acceptance: Words['acceptance'] = {
  relation: {
    buyer: '購入者',
    household: '同居の方',
    neighbour: '近所の方',
    representative: '代理の方',
    other: 'その他の方',
  },
  unsigned: {
    refused: '署名を希望されなかった',
    not_home: '不在だった',
    cannot_sign: '署名できなかった',
  },
  signature: '署名',
  optional: '署名（希望される場合）',
  signHere: 'ここに署名',
  who: '署名する方',
  name: 'お名前',
  clear: '消す',
  save: '署名を保存',
  again: '署名し直す',
  tooLittle: '点だけになっています。線で署名してください。',
  nobody: '署名なし',
  notNow: '今はしない',
  signedAt: (who, time) => `${who}、${time}`,
};
