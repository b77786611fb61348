import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('ja');

export const states: Words['states'] = {
  nothingRecorded: 'まだ記録がありません',
  saving: '保存中',
  notSaved: '未保存',
  onPhone: 'この端末に保存済み',
  safe: '保管済み',
  signedOut: 'サインアウト中',
  photoRefused: '写真が受け付けられません',
  nothingToSend: '送信するものはありません',
  toSend: (n) => many(n, { other: '未送信#件' }),
  elsewhere: '別の端末にあります',
  sending: (percent) => `送信中 ${percent} %`,
  refused: (why) => `受け付けられません：${why}`,
  ready: '退出できます',
  missing: (n) => many(n, { other: '不足#件' }),
  changes: (n) => many(n, { other: '変更#件' }),
  photos: (n) => many(n, { other: '写真#枚' }),
  nothing: 'なし',
  together: (parts) => parts.join('、'),
  cancelled: 'Amazonでキャンセル済み',
  completed: 'Amazonで完了済み',
  pendingSchedule: 'Amazonで日時の決定待ち',
  notFulfillable: 'Amazonはこの作業を実施できません',
  hold: 'Amazonで保留中',
  paymentDeclined: 'Amazonで支払いが承認されませんでした',
  amazonSays: (status) => `Amazonの表示：${status}`,
};
