import type { Words } from '../en';

export const job: Words['job'] = {
  navigate: '経路案内',
  call: '電話',
  movedOrCancelled: 'この訪問はAmazonで変更またはキャンセルされました。記録は保管されています。事務所に電話してください。',
  closed: (status) => `${status}。記録は保管されています。`,
  imported:
    'この作業はファイルから取り込んだもので、Amazonの確認はまだです。いつもどおり記録してください。すべて保管され、確認されるまでAmazonには何も送信されません。',
  companion: 'この作業はAmazonのアプリで終了します。ここでの記録は証明として保管され、送信されません。',
  documentComing: 'この作業の記録用データがまだ届いていません。届くと記録できます。一度だけ電波が必要です。',
  notOffline: 'この作業はまだオフラインで使えません。使えるようになるまで電波のある場所にいてください。',
  notes: 'メモ',
  notesFor: '事務所用です。Amazonには送られません',
  gone: 'この作業はもうこの端末にありません。今日の一覧にあるものがすべてです。',
};
