import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('ja');

export const today: Words['today'] = {
  today: '今日',
  nextJob: '次の作業',
  pageNotKept: 'このブラウザーはページを保持しません。開いたままにするか、プライベートウィンドウ以外でDoorstepを開いてください。',
  someOffline: (ready, all) =>
    `${many(all, { other: '#件' })}のうち${many(ready, { other: '#件' })}がオフラインで使えます。すべて揃うまで電波のある場所にいてください。`,
  allOffline: (all) => many(all, { other: '#件すべての作業がオフラインで使えます。' }),
  keepOpen: (photos) => `画面を開いたままにしてください：${photos}。`,
  keepOpenAbout: (photos, takes) => `画面を開いたままにしてください：${photos}、約${takes}。`,
  overdue: (photos) =>
    many(photos, {
      other:
        '写真#枚が一昨日以前からこの端末で送信を待っています。ネットワークのある場所でこの画面を開いたままにするか、事務所に知らせてください。',
    }),
  noAnswerYet: 'サーバーから応答があると、ここに作業が表示されます。一度だけ電波が必要です。',
  noJobs: '今日の作業はありません。事務所が割り当てると、ここに表示されます。',
  notOffline: 'まだオフラインで使えません',
  moved: 'Amazonで変更またはキャンセル済み',
  addressAtAmazon: '住所はAmazonのアプリにあります',
  somebodyElses: '別の人の訪問です',
  addressGone: '住所はもうこの端末にありません',
  keptNothingSent: 'ここに保管しています。Amazonにはまだ何も送信されません',
  closeAtAmazon: 'この作業はAmazonのアプリで終了してください',
  keptCloseAtAmazon: 'ここに保管しています。この作業はAmazonのアプリで終了してください',
};
