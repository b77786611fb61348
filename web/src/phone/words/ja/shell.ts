import type { Words } from '../en';

export const shell: Words['shell'] = {
  stopped: 'この画面は止まりました。保存したものはこの端末にあります。',
  openAgain: '開き直す',
  newVersion: '新しいバージョンがあります',
  reload: '読み込み直す',
  otherVersion:
    'アプリとサーバーのバージョンが異なります。先に更新してください。失われるものはなく、記録はそれまでここに残ります。',
  lookAgain: 'もう一度確認',
  cleared: (when, gone) => `${when}より後に、この端末のストレージが消去されました。${gone}サインインすると続けられます。`,
  nothingLost: 'その時点で送信待ちのものはありませんでした。',
  lost: (what) => `${what}が未送信のまま失われ、元に戻せません。事務所に知らせてください。`,
  opening: '開いています',
  notRecorded: '記録されませんでした。もう一度試すか、メモを書いて事務所に知らせてください。',
  notHereYet: 'この画面はまだこの電話にありません。一度だけ電波が必要です。',
};
