import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('ja');

const things = (photos: number, answers: number) =>
  [
    ...(photos > 0 ? [many(photos, { other: '写真#枚' })] : []),
    ...(answers > 0 ? [many(answers, { other: '回答#件' })] : []),
  ].join('、');

export const unsent: Words['unsent'] = {
  parked: { changes: '手順と回答', record: 'メモまたは場所', photo: '写真' },
  giveUp: { recorded_again: '記録し直した', brought_otherwise: '別の方法で届けた', not_needed: '必要ない' },
  things,
  waits: (photos, answers) =>
    `${things(photos, answers)}がこの端末で送信を待っています。この画面が開いていれば、ロック中でも送信されます。`,
  waitsSignedOut: (photos, answers) => `${things(photos, answers)}がこの端末で送信を待っています。サインインすると送信されます。`,
  overdue: '一部は一昨日以前から送信を待っています。ネットワークのある場所でこの画面を開いたままにするか、事務所に知らせてください。',
  notTaken: 'サーバーが受け付けなかったもの',
  notTakenWhy: 'ほかはすべて進みます。これらはこの端末に残ります。',
  because: (reason) => `理由：${reason}。`,
  takeOut: 'ファイルに取り出す',
  whyGo: 'なくしてよい理由は何ですか。事務所に伝えたあと、この端末から完全に消えます。',
  keepIt: '残す',
  letGo: 'あきらめる',
  nothingGivenUp: '何も消えていません。',
  save: '未送信の記録をファイルに保存',
  saveWhy: 'この端末から送信できないときのためです。ファイルを読めるのはサーバーだけです。事務所か別の端末に渡してください。',
  nothingToSave: 'ファイルにできる未送信の記録はありません。',
  saved: '保存しました。サーバーに届くまで、この端末にも残ります。',
  fileNotMade: 'ファイルを作成できませんでした。もう一度試してください。',
  fromAnotherPhone: '別の端末の記録',
  deliver: '端末の未送信の記録を届ける',
  deliverHow: 'Doorstepが端末に保存した、.dsrで終わるファイルです。2回届けても何も変わりません。',
  delivering: '届けています',
  chooseFile: 'ファイルを選ぶ',
  fromPhone: (name) => `${name}の端末から`,
  fromFile: 'このファイルから',
  delivered: (whose, what) => `${whose}：${what}を届けました。`,
  hereAlready: (whose, what) => `${whose}：${what}はすでにありました。`,
  thingsNotTaken: (n, reason) => `${many(n, { other: '#件は受け付けられませんでした' })}：${reason}。`,
  fileCut: 'ファイルが途中で切れています。そこまでは届きました。残りには完全なファイルが必要です。',
  fileEmpty: 'このファイルには何もありません。',
  reason: {
    tooOld: '古くて開けません。その日の鍵は破棄されています',
    damaged: '開けません。壊れている可能性があります',
    appNewer: '端末のアプリがサーバーより新しいです',
    unknownPhone: 'このサーバーは元の端末を知りません',
    notYours: 'この技術者の訪問ではありません。取り置けるものは取り置きました',
    noVisit: 'サーバーにそのような訪問はありません',
    othersVisit: '別の技術者の訪問です',
    visitExpired: 'この訪問のデータの保管期間が過ぎました',
    pictureDamaged: '画像が壊れています',
    notAPicture: 'JPEGでもPNGでもありません',
    pictureGone: '画像がもうこの端末にありません',
    tooLong: '長すぎます',
    full: 'この訪問の記録にもう空きがありません',
    incomplete: 'それより前の記録が欠けています',
    other: (code) => `サーバーが受け付けませんでした（${code}）`,
  },
};
