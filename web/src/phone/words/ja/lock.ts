import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('ja');

export const lock: Words['lock'] = {
  choose: 'PINを決める',
  again: 'もう一度入力',
  chooseWhy: '8桁以上の数字です。ネットワークなしで、この端末の今日の作業を開けます。事務所を含め、ほかの誰も知りません。',
  againWhy: '入力ミスで開けなくならないよう、同じ数字をもう一度入力します。',
  pin: 'PIN',
  account: (name) => `${name} · PIN`,
  next: '次へ',
  use: 'このPINを使う',
  locking: '作業をロックしています',
  differ: '2つが異なります。PINを決め直してください。',
  chooseFailed: '端末の処理が終わりませんでした。PINを決め直してください。',
  locked: 'ロック中',
  lockedWhy: (name) => `${name}さん、PINで今日の作業を開けます。ネットワークは不要です。`,
  unlock: 'ロックを解除',
  unlocking: '解除しています',
  forgot: 'PINを忘れたら、パスワードでサインイン',
  unlockFailed: '端末の処理が終わりませんでした。もう一度試してください。何も失われていません。',
  digits: '数字',
  delete: '1字消す',
  notDigits: 'PINは数字だけです。',
  tooShort: '8桁以上にしてください。少ないと、この端末の中身をコピーした人がすべて試せてしまいます。',
  tooLong: '16桁以下にしてください。',
  repeats: '同じ数字の繰り返しは最初に試されます。別の数字にしてください。',
  run: '連続した数字は最初に試されます。別の数字にしてください。',
  another: '別のPINにしてください。',
  wrong: (left) => `PINが違います。${left}`,
  wrongWait: (wait, left) => `PINが違います。${wait}待ってください。${left}`,
  triesLeft: (n) => many(n, { other: 'あと#回です。その後、作業はこの端末から消えますが、記録は残ります。' }),
  wait: (wait) => `${wait}待ってから、もう一度試してください。`,
  broken: 'この端末のロックの一部が失われました。パスワードでサインインしてください。記録は保管されています。',
  clockBack: (much) =>
    `この端末の時計が${much}戻されました。ネットワークのある場所でもう一度解除してください。時刻はサーバーが知らせます。記録は保管されています。`,
  leaseEnded: 'この端末の作業の期限が切れました。ネットワークのある場所でサインインしてください',
  wrongPins: 'PINを10回間違えたため、作業はこの端末から消えました。ネットワークのある場所でサインインしてください',
  revoked: '事務所がこの端末から作業を外しました。事務所に確認してください',
  endedKept: (why, unsent) => `${why}。記録は保管されています：${unsent}。`,
  endedSafe: (why) => `${why}。記録はすべてサーバーにあります。`,
};
