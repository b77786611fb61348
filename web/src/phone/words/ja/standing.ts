import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('ja');

export const standing: Words['standing'] = {
  notice: {
    cancelled: '作業がAmazonでキャンセルされました',
    called_off: '訪問がAmazonで取りやめになりました',
    moved: '訪問の日時がAmazonで変更されました',
    reassigned: '訪問がAmazonで別の人に割り当てられました',
    vanished: '作業がAmazonに表示されなくなりました',
    after_deadline: 'お客様データの期限後の予定です',
  },
  cancelled: (since) => `この作業はAmazonでキャンセルされました。${since}記録は保管されています。`,
  calledOff: (since) => `この訪問はAmazonで取りやめになりました。${since}記録は保管されています。`,
  vanished: (since) => `この作業はAmazonに表示されなくなりました。${since}記録は保管されています。事務所に電話してください。`,
  moved: (since) => `この訪問の日時はAmazonで変更されました。${since}記録は保管されています。`,
  movedFrom: (before, since) => `この訪問の日時はAmazonで変更されました。変更前は${before}でした。${since}記録は保管されています。`,
  reassigned: 'Amazonがこの訪問を別の人に割り当てました。記録は保管されています。有効とするかは事務所が決めます。',
  afterDeadline: 'このお客様のAmazonのデータは期限が切れました。お名前と住所はAmazonのアプリで確認してください。',
  knownSince: (time) => `${time}に確認しました。`,
  delivered: '商品は配達済みです',
  notComing: '商品の一部がAmazonでキャンセルされ、届きません',
  notDelivered: '商品はまだ配達されていません',
  expected: (day) => `商品はまだ配達されていません。${day}の予定です`,
  siblings: (n, each) => `${many(n, { other: 'この注文のほかの作業#件' })}：${each}`,
  noTimeYet: '日時未定',
};
